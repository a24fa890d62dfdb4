import { createHmac } from 'node:crypto';
import { constantTimeEqual, type Bytes } from './digest.js';

/** What a client of BitMart signs. */
export interface BitmartRequest {
  /** The literal text of `X-BM-TIMESTAMP`, Unix milliseconds. */
  readonly timestamp: string;
  /** Chosen with the key, signed and never sent; free text, a `#` in it is not escaped. */
  readonly memo: string;
  /** A POST: its body as it is on the wire. A GET: its query, of which no two clients agree on the form and which BitMart does not check. */
  readonly content: Bytes;
}

/** The `X-BM-SIGN` header, lower-case hex: HMAC-SHA256 over `timestamp#memo#content`, all of it as UTF-8. */
export function signBitmart(secret: string, { timestamp, memo, content }: BitmartRequest): string {
  return createHmac('sha256', secret).update(`${timestamp}#${memo}#`).update(content).digest('hex');
}

/** True only for the exact lower-case signature. */
export function verifyBitmart(secret: string, request: BitmartRequest, signature: string): boolean {
  return constantTimeEqual(signBitmart(secret, request), signature);
}
