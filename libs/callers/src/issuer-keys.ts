import {
  createLocalJWKSet,
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
} from 'jose';
import { FETCH_WITHIN_MS, fetchIssuerKeys, type IssuerPlace } from './fetch-issuer-keys.js';

/** Keys that the issuer takes back are unknown here after this. */
const MAX_AGE_MS = 600_000;
/** Tokens of unknown keys cost the issuer no more than one question in this time, answered or not. */
const COOLDOWN_MS = 30_000;

/** The issuer could not be asked for its keys. */
export class IssuerAwayError extends Error {
  override readonly name = 'IssuerAwayError';
}

/** The issuer's public keys, asked for when one is missing and every ten minutes. While it is away, those that are known go on. */
export class IssuerKeys {
  private known: ReturnType<typeof createLocalJWKSet> | null = null;
  private knownAtMs = Number.NEGATIVE_INFINITY;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly place: IssuerPlace,
    private readonly nowMs: () => number,
  ) {}

  /** For `jwtVerify`. Throws IssuerAwayError for a key that is unknown while the issuer cannot be asked. */
  readonly keyFor = async (
    header: JWSHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<CryptoKey> => {
    if (this.known === null) await this.ask();
    else if (this.isDue(this.knownAtMs, MAX_AGE_MS)) void this.ask().catch(() => undefined); // those that are known go on meanwhile
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
    if (this.known === null) throw new IssuerAwayError('the issuer has not been asked yet');
    return this.known(header, token);
  }

  private async ask(): Promise<void> {
    if (this.asking === null && !this.mayAsk())
      throw new IssuerAwayError('the issuer was asked in vain a moment ago');
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
      throw new IssuerAwayError(`${this.place.issuer} cannot be asked for its keys`, { cause });
    }
  }
}
