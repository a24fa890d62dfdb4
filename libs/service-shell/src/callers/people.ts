import { ROLES, type Caller, type Role } from '@sluice/http-api';
import { jwtVerify, type JWTPayload } from 'jose';
import type { CallerSettings } from './config.js';
import { issuerPlaceOf } from './fetch-issuer-keys.js';
import { IssuerKeys } from './issuer-keys.js';
import { isUsableName } from './person-name.js';
import { CLOCK_TOLERANCE_S, TokenFault } from './token-fault.js';

/** Asymmetric algorithms only: a verifier of tokens cannot create tokens. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256'];
/** A stolen token is worth no more than this. */
const LONGEST_LIFE_S = 3_600;

/** Authenticates people by the issuer's tokens. */
export class People {
  private readonly keys: IssuerKeys;

  constructor(
    private readonly settings: CallerSettings,
    private readonly now: () => Date,
    nowMs: () => number,
  ) {
    this.keys = new IssuerKeys(issuerPlaceOf(settings), nowMs);
  }

  /** Throws the errors of `jwtVerify`, TokenFault, or IssuerAwayError. */
  async prove(token: string): Promise<{ readonly caller: Caller; readonly expiresAtS: number }> {
    const { oidcIssuer, oidcAudience, oidcRolesClaim } = this.settings;
    const { payload } = await jwtVerify(token, this.keys.keyFor, {
      issuer: oidcIssuer,
      audience: oidcAudience,
      algorithms: ALGORITHMS,
      currentDate: this.now(),
      clockTolerance: CLOCK_TOLERANCE_S,
      maxTokenAge: LONGEST_LIFE_S,
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    const { exp = 0, iat = 0 } = payload;
    const name: unknown = payload.sub; // an issuer may send another type than the standard's text
    if (exp - iat > LONGEST_LIFE_S)
      throw new TokenFault('The token lives longer than an hour, which is not allowed here');
    if (typeof name !== 'string' || !isUsableName(name))
      throw new TokenFault('The token has no usable name in its sub claim');
    const roles = rolesIn(payload, oidcRolesClaim);
    return { caller: { kind: 'person', name, roles }, expiresAtS: exp };
  }
}

/** Returns the known roles only; an issuer may use other roles. */
function rolesIn(payload: JWTPayload, claim: string): readonly Role[] {
  const given = payload[claim] ?? claim.split('.').reduce<unknown>(partOf, payload);
  const words: readonly unknown[] = Array.isArray(given) ? given : [];
  return ROLES.filter((role) => words.includes(role));
}

function partOf(whole: unknown, name: string): unknown {
  return typeof whole === 'object' && whole !== null ? Reflect.get(whole, name) : undefined;
}
