import {
  createLocalJWKSet,
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
} from 'jose';
import { FETCH_WITHIN_MS, fetchIssuerKeys, type IssuerPlace } from './fetch-issuer-keys.js';

/** Keys revoked by the issuer become unknown after this time. */
const MAX_AGE_MS = 600_000;
/** Minimum interval between requests to the issuer for unknown keys, answered or not. */
const COOLDOWN_MS = 30_000;

/** The issuer's keys could not be fetched. */
export class IssuerAwayError extends Error {
  override readonly name = 'IssuerAwayError';
}

/**
 * Public keys of the issuer, fetched for an unknown key and every ten minutes. Known keys stay
 * valid while the issuer is unavailable.
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
   * Key lookup for `jwtVerify`. Throws IssuerAwayError for an unknown key if the issuer cannot be
   * queried.
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
