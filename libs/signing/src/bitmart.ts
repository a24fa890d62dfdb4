import { createHmac } from 'node:crypto';
import { constantTimeEqual, type Bytes } from './digest.js';

export interface BitmartRequest {
  /** The literal text of `X-BM-TIMESTAMP`, Unix milliseconds. */
  readonly timestamp: string;
  /** Chosen with the key; signed and never sent. Free text; a `#` is not escaped. */
  readonly memo: string;
  /** POST: the body as sent. GET: the query, which BitMart does not check. */
  readonly content: Bytes;
}

/** `X-BM-SIGN` in lower-case hex: HMAC-SHA256 over `timestamp#memo#content`. */
export function signBitmart(secret: string, { timestamp, memo, content }: BitmartRequest): string {
  return createHmac('sha256', secret).update(`${timestamp}#${memo}#`).update(content).digest('hex');
}

/** True only for the exact lower-case signature. */
export function verifyBitmart(secret: string, request: BitmartRequest, signature: string): boolean {
  return constantTimeEqual(signBitmart(secret, request), signature);
}
