import { monotonicMs, type Secret } from '@sluice/runtime';
import { importJWK, SignJWT } from 'jose';
import { SERVICE_TOKEN, SERVICE_TOKEN_LIFE_S } from './service-callers.js';
import { readPrivateKey } from './service-keys.js';

const RENEWED_AFTER_MS = (SERVICE_TOKEN_LIFE_S / 2) * 1_000;

/** Self-signed token of a service for a single other service, valid for a minute. */
export class ServiceCredential {
  private newest: { readonly token: Promise<string>; readonly madeAtMs: number } | null = null;

  /** `key`: a private Ed25519 key as JSON Web Key. */
  constructor(
    private readonly itself: string,
    private readonly called: string,
    private readonly key: Secret,
    private readonly now: () => Date,
  ) {}

  token(): Promise<string> {
    if (this.newest === null || monotonicMs() - this.newest.madeAtMs > RENEWED_AFTER_MS)
      this.newest = { token: this.sign(), madeAtMs: monotonicMs() };
    return this.newest.token;
  }

  private async sign(): Promise<string> {
    const key = readPrivateKey(this.key.reveal());
    const now = this.now();
    return new SignJWT()
      .setProtectedHeader({ alg: 'EdDSA', typ: SERVICE_TOKEN, kid: key.kid })
      .setIssuer(this.itself)
      .setSubject(this.itself)
      .setAudience(this.called)
      .setIssuedAt(now)
      .setExpirationTime(new Date(now.getTime() + SERVICE_TOKEN_LIFE_S * 1_000))
      .sign(await importJWK(key, 'EdDSA'));
  }
}
