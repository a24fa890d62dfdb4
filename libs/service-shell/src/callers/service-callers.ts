import type { Caller } from '@sluice/http-api';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { readPublicKeys } from './service-keys.js';
import { CLOCK_TOLERANCE_S, TokenFault } from './token-fault.js';

/** Type in the header of a service's token, distinct from the tokens of people. */
export const SERVICE_TOKEN = 'sluice-service+jwt';
/** Lifetime of a service's token. The service signs a new token earlier. */
export const SERVICE_TOKEN_LIFE_S = 60;

/**
 * Authenticates calling services: each service signs tokens with a private key of the service,
 * valid for this service only.
 */
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
    return { caller: { kind: 'service', name, roles: [] }, expiresAtS: payload.exp ?? 0 };
  }
}
