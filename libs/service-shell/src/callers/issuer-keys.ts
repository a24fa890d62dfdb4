import {
  createLocalJWKSet,
  type CryptoKey,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import { callIssuer, type IssuerPath, outgoingProxyOf } from '@sluice/runtime';
import type { CallerSettings } from './config.js';

/** Keys revoked by the issuer become unknown after this time. */
const MAX_AGE_MS = 600_000;
/** Minimum interval between requests to the issuer for unknown keys, answered or not. */
const COOLDOWN_MS = 30_000;

/** The issuer's keys could not be fetched. */
export class IssuerAwayError extends Error {
  override readonly name = 'IssuerAwayError';
}

/**
 * Issuer's keys, fetched for an unknown key and every ten minutes, and valid while the issuer is
 * away.
 */
export class IssuerKeys {
  private known: ReturnType<typeof createLocalJWKSet> | null = null;
  private knownAtMs = Number.NEGATIVE_INFINITY;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly place: IssuerPlace,
    private readonly nowMs: () => number,
  ) {}

  /**
   * Look-up for `jwtVerify`. Throws IssuerAwayError for an unknown key while the issuer is away.
   */
  readonly keyFor = async (
    header: JWSHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<CryptoKey> => {
    if (this.known === null) await this.ask();
    // known keys stay valid meanwhile
    else if (this.isDue(this.knownAtMs, MAX_AGE_MS)) void this.ask().catch(() => undefined);
    try {
      return await this.find(header, token);
    } catch (error) {
      const isWorthAsking = this.asking !== null || this.mayAsk();
      if (!(error instanceof errors.JWKSNoMatchingKey) || !isWorthAsking) throw error;
      await this.ask();
      return this.find(header, token);
    }
  };

  private find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (this.known === null) throw new IssuerAwayError('the issuer has not been queried yet');
    return this.known(header, token);
  }

  private async ask(): Promise<void> {
    if (this.asking === null && !this.mayAsk())
      throw new IssuerAwayError('the last query of the issuer failed a moment ago');
    this.asking ??= this.fetchKeys().finally(() => (this.asking = null));
    await this.asking;
  }

  private mayAsk(): boolean {
    return this.isDue(this.askedAtMs, this.known === null ? FETCH_WITHIN_MS : COOLDOWN_MS);
  }

  private isDue(sinceMs: number, afterMs: number): boolean {
    return this.nowMs() - sinceMs >= afterMs;
  }

  private async fetchKeys(): Promise<void> {
    this.askedAtMs = this.nowMs();
    try {
      this.known = createLocalJWKSet(await fetchIssuerKeys(this.place));
      this.knownAtMs = this.nowMs();
    } catch (cause) {
      throw new IssuerAwayError(`${this.place.issuer} does not answer the query for its keys`, {
        cause,
      });
    }
  }
}

interface IssuerPlace extends IssuerPath {
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

const FETCH_WITHIN_MS = 3_000;

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

/** Checks only the shape of a key set; each key is checked on use. */
function isJwks(given: unknown): given is JSONWebKeySet {
  const keys: unknown = typeof given === 'object' && given !== null && Reflect.get(given, 'keys');
  return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null);
}
