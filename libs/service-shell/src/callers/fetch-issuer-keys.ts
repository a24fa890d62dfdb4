import { callIssuer, outgoingProxyOf, type IssuerPath } from '@sluice/runtime';
import type { JSONWebKeySet } from 'jose';
import type { CallerSettings } from './config.js';
import { isJwks } from './is-jwks.js';

export interface IssuerPlace extends IssuerPath {
  readonly issuer: string;
  /** Empty: the URL is taken from the discovery document. */
  readonly jwksUrl: string;
  readonly requiresHttps: boolean;
}

export type IssuerSettings = Pick<
  CallerSettings,
  'oidcIssuer' | 'oidcJwksUrl' | 'oidcCaFile' | 'outgoingProxyUrl' | 'outgoingNoProxy' | 'nodeEnv'
>;

export function issuerPlaceOf(settings: IssuerSettings): IssuerPlace {
  const { oidcIssuer: issuer, oidcJwksUrl: jwksUrl, oidcCaFile: caFile, nodeEnv } = settings;
  const proxy = outgoingProxyOf(settings);
  return { issuer, jwksUrl, requiresHttps: nodeEnv === 'production', caFile, proxy };
}

export const FETCH_WITHIN_MS = 3_000;

/** Fetches the issuer's current keys. Throws with the reason if no keys are available. */
export async function fetchIssuerKeys(place: IssuerPlace): Promise<JSONWebKeySet> {
  const keys = await fetchJson(await jwksUrlOf(place), place);
  if (!isJwks(keys)) throw new Error('it publishes no key set');
  return keys;
}

async function jwksUrlOf(place: IssuerPlace): Promise<string> {
  const { issuer, jwksUrl, requiresHttps } = place;
  if (jwksUrl !== '') return jwksUrl;
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const found = await fetchJson(discovery, place);
  const { issuer: itself, jwks_uri: url } = Object(found) as Record<string, unknown>;
  if (itself !== issuer) throw new Error(`its discovery document is of ${String(itself)}`);
  if (typeof url !== 'string' || (requiresHttps && !url.startsWith('https://')))
    throw new Error('its discovery document has no allowed jwks_uri');
  return url;
}

async function fetchJson(url: string, path: IssuerPath): Promise<unknown> {
  const { status, json } = await callIssuer({ url, timeoutMs: FETCH_WITHIN_MS }, path);
  if (status < 200 || status >= 300) throw new Error(`${url} answers ${status}`);
  return json;
}
