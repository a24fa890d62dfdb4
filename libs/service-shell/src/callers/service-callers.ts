import { createLocalJWKSet, decodeJwt, importJWK, jwtVerify, SignJWT } from 'jose';
import type { Caller } from '@sluice/http-api';
import { monotonicMs, type Secret } from '@sluice/runtime';
import { readPrivateKey, readPublicKeys } from './service-keys.js';
import { CLOCK_TOLERANCE_S, TokenFault } from './people.js';

/** Type in the header of a service's token, distinct from the tokens of people. */
export const SERVICE_TOKEN = 'sluice-service+jwt';
/** Lifetime of a service's token. The service signs a new token earlier. */
const SERVICE_TOKEN_LIFE_S = 60;

/** Each service signs tokens with its own key, valid for this service only. */
export class ServiceCallers {
  private readonly keysOf: ReadonlyMap<string, ReturnType<typeof createLocalJWKSet>>;

  /** `publicKeys` as `SERVICE_CALLERS` has them. */
  constructor(
    private readonly itself: string,
    publicKeys: string,
    private readonly now: () => Date,
  ) {
    this.keysOf = new Map(
      [...readPublicKeys(publicKeys)].map(([name, keys]) => [
        name,
        createLocalJWKSet({ keys: [...keys] }),
      ]),
    );
  }

  /** Throws the errors of `jwtVerify`, or TokenFault. */
  async prove(token: string): Promise<{ readonly caller: Caller; readonly expiresAtS: number }> {
    const { iss: name = '' } = decodeJwt(token);
    const keys = this.keysOf.get(name);
    if (!keys) throw new TokenFault('The token is of a service that calls nothing here');
    const { payload } = await jwtVerify(token, keys, {
      issuer: name,
      subject: name,
      audience: this.itself,
      typ: SERVICE_TOKEN,
      algorithms: ['EdDSA'],
      currentDate: this.now(),
      clockTolerance: CLOCK_TOLERANCE_S,
      maxTokenAge: SERVICE_TOKEN_LIFE_S,
      requiredClaims: ['exp'],
    });
    return {
      caller: { kind: 'service', name, roles: [], client: '' },
      expiresAtS: payload.exp ?? 0,
    };
  }
}

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
