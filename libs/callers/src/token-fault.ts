import { ApiError } from '@sluice/http-api';
import { errors } from 'jose';
import { IssuerAwayError } from './issuer-keys.js';

/** How far the clocks of an issuer and a service may be apart. */
export const CLOCK_TOLERANCE_S = 5;

/** A token that is refused, and why, in a sentence. */
export class TokenFault extends Error {
  override readonly name = 'TokenFault';
}

/** What the caller is told: 401 for a token that proves nobody, 503 while it cannot be checked. Rethrows what nobody expected. */
export function refusalOfToken(error: unknown): ApiError {
  if (error instanceof IssuerAwayError)
    return new ApiError(503, 'The issuer of tokens cannot be asked for its keys: try again soon', {
      'retry-after': '5',
    });
  if (error instanceof TokenFault) return new ApiError(401, error.message);
  if (error instanceof errors.JWTExpired)
    return new ApiError(401, 'The token has expired: get a new one');
  if (error instanceof errors.JWTClaimValidationFailed)
    return new ApiError(401, `The token is refused for its ${error.claim} claim`);
  if (error instanceof errors.JWKSNoMatchingKey)
    return new ApiError(401, 'The token is signed with a key that its issuer does not publish');
  if (error instanceof errors.JOSEError)
    return new ApiError(401, 'The token is refused for its form, algorithm or signature');
  throw error;
}
