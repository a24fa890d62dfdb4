import { constantTimeEqual, hmacHex, type Bytes } from './digest.js';

export interface BybitRequest {
  readonly method: string;
  /** Query as sent, without `?`: neither sorted nor decoded. */
  readonly query: string;
  readonly body: Bytes;
  readonly apiKey: string;
  /** The literal text of `X-BAPI-TIMESTAMP`, Unix milliseconds. */
  readonly timestamp: string;
  /** The literal text of `X-BAPI-RECV-WINDOW`; empty when the header is absent. */
  readonly recvWindow: string;
}

/** Signed bytes without separators: the query for GET, otherwise the body. */
export function bybitCanonical(request: BybitRequest): Uint8Array {
  const payload = request.method.toUpperCase() === 'GET' ? request.query : request.body;
  return Buffer.concat([
    Buffer.from(request.timestamp + request.apiKey + request.recvWindow),
    Buffer.from(payload),
  ]);
}

/** The `X-BAPI-SIGN` header of an HMAC key, lower-case hex. */
export function signBybit(secret: string, request: BybitRequest): string {
  return hmacHex('sha256', secret, bybitCanonical(request));
}

/** True only for the exact lower-case signature. */
export function verifyBybit(secret: string, request: BybitRequest, signature: string): boolean {
  return constantTimeEqual(signBybit(secret, request), signature);
}
