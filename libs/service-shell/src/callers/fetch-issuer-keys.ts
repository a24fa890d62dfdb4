import type { JSONWebKeySet } from 'jose';
import type { CallerSettings } from './config.js';
import { isJwks } from './is-jwks.js';

export interface IssuerPlace {
  readonly issuer: string;
  /** Empty: the URL is taken from the discovery document. */
  readonly jwksUrl: string;
  readonly requiresHttps: boolean;
}

export function issuerPlaceOf({
  oidcIssuer: issuer,
  oidcJwksUrl: jwksUrl,
  nodeEnv,
}: Pick<CallerSettings, 'oidcIssuer' | 'oidcJwksUrl' | 'nodeEnv'>): IssuerPlace {
  return { issuer, jwksUrl, requiresHttps: nodeEnv === 'production' };
}

export const FETCH_WITHIN_MS = 3_000;

/** Fetches the issuer's current keys. Throws with the reason if no keys are available. */
export async function fetchIssuerKeys(place: IssuerPlace): Promise<JSONWebKeySet> {
  const keys = await fetchJson(await jwksUrlOf(place));
  if (!isJwks(keys)) throw new Error('it publishes no key set');
  return keys;
}

async function jwksUrlOf({ issuer, jwksUrl, requiresHttps }: IssuerPlace): Promise<string> {
  if (jwksUrl !== '') return jwksUrl;
  const found = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { issuer: itself, jwks_uri: url } = Object(found) as Record<string, unknown>;
  if (itself !== issuer) throw new Error(`its discovery document is of ${String(itself)}`);
  if (typeof url !== 'string' || (requiresHttps && !url.startsWith('https://')))
    throw new Error('its discovery document has no allowed jwks_uri');
  return url;
}

async function fetchJson(url: string): Promise<unknown> {
  const signal = AbortSignal.timeout(FETCH_WITHIN_MS);
  const response = await fetch(url, { redirect: 'error', signal });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response.json();
}
