import { createHmac } from 'node:crypto';
import { constantTimeEqual, type Bytes } from './digest.js';

/** Content signed by a BitMart client. */
export interface BitmartRequest {
  /** The literal text of `X-BM-TIMESTAMP`, Unix milliseconds. */
  readonly timestamp: string;
  /** Chosen with the key; signed and never sent. Free text; a `#` is not escaped. */
  readonly memo: string;
  /**
   * POST: the body as sent. GET: the query; clients use different forms, and BitMart does not check
   * the query.
   */
  readonly content: Bytes;
}

/**
 * Returns the `X-BM-SIGN` header in lower-case hex: HMAC-SHA256 over `timestamp#memo#content` in
 * UTF-8.
 */
export function signBitmart(secret: string, { timestamp, memo, content }: BitmartRequest): string {
  return createHmac('sha256', secret).update(`${timestamp}#${memo}#`).update(content).digest('hex');
}

/** True only for the exact lower-case signature. */
export function verifyBitmart(secret: string, request: BitmartRequest, signature: string): boolean {
  return constantTimeEqual(signBitmart(secret, request), signature);
}
