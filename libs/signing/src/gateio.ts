import { constantTimeEqual, hmacHex, sha512Hex, type Bytes } from './digest.js';

/** A Gate.io API v4 request as it is on the wire. */
export interface GateioRequest {
  readonly method: string;
  /** With the `/api/v4` prefix, without host and query. */
  readonly path: string;
  /** Wire query without `?`, still encoded. */
  readonly query: string;
  readonly body: Bytes;
  /** The literal text of the `Timestamp` header; fractions are legal. */
  readonly timestamp: string;
}

/** The string that Gate.io signs. Throws `URIError` for a query whose percent-encoding is not UTF-8: nobody can sign such a request. */
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

/** True only for the exact lower-case signature. A query that cannot be decoded has no valid signature, so it verifies as false. */
export function verifyGateio(secret: string, request: GateioRequest, signature: string): boolean {
  try {
    return constantTimeEqual(signGateio(secret, request), signature);
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
