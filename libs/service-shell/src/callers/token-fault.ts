import { ApiError } from '@sluice/http-api';
import { errors } from 'jose';
import { IssuerAwayError } from './issuer-keys.js';

/** Tolerated clock difference between an issuer and a service, in seconds. */
export const CLOCK_TOLERANCE_S = 5;

/** Refused token. The message is the reason in a sentence. */
export class TokenFault extends Error {
  override readonly name = 'TokenFault';
}

/**
 * Maps a verification error to the caller's error: 401 for an invalid token, 503 while tokens
 * cannot be verified. Rethrows unexpected errors.
 */
export function refusalOfToken(error: unknown): ApiError {
  if (error instanceof IssuerAwayError)
    return new ApiError(
      503,
      'The issuer of tokens does not answer the query for its keys: retry soon',
      {
        'retry-after': '5',
      },
    );
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
