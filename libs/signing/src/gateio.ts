import { constantTimeEqual, hmacHex, sha512Hex, type Bytes } from './digest.js';

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

/** String signed for Gate.io. Throws `URIError` for percent-encoding other than UTF-8. */
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

/** Only the exact lower-case signature; false for an undecodable query. */
export function verifyGateio(secret: string, request: GateioRequest, signature: string): boolean {
  try {
    return constantTimeEqual(signGateio(secret, request), signature);
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
