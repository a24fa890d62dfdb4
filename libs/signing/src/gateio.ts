import { constantTimeEqual, hmacHex, sha512Hex, type Bytes } from './digest.js';

/** A Gate.io API v4 request as sent. */
export interface GateioRequest {
  readonly method: string;
  /** Path including the `/api/v4` prefix, without host and query. */
  readonly path: string;
  /** Wire query without `?`, still encoded. */
  readonly query: string;
  readonly body: Bytes;
  /** The literal text of the `Timestamp` header; fractions are legal. */
  readonly timestamp: string;
}

/**
 * Returns the string signed for Gate.io. Throws `URIError` for a query with percent-encoding other
 * than UTF-8: the request cannot be signed.
 */
export function gateioCanonical(request: GateioRequest): string {
  const query = decodeURIComponent(request.query.replaceAll('+', ' '));
  return [
    request.method.toUpperCase(),
    request.path,
    query,
    sha512Hex(request.body),
    request.timestamp,
  ].join('\n');
}

/** The `SIGN` header, lower-case hex. Throws as `gateioCanonical` does. */
export function signGateio(secret: string, request: GateioRequest): string {
  return hmacHex('sha512', secret, gateioCanonical(request));
}

/**
 * True only for the exact lower-case signature. An undecodable query has no valid signature and
 * yields false.
 */
export function verifyGateio(secret: string, request: GateioRequest, signature: string): boolean {
  try {
    return constantTimeEqual(signGateio(secret, request), signature);
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
