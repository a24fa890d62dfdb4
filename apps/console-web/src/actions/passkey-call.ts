import type { PreparedCall } from '../api/prepared-call.js';
import { sha256, sha256Hex, toBase64url, utf8 } from './bytes.js';

/** Call that a passkey proves: exactly the bytes that are sent. */
export type ProvenCall = Pick<PreparedCall, 'service' | 'method' | 'path' | 'body'>;

/**
 * Text of which the passkey's challenge is the digest: one line per fact. `at`: time of the call,
 * RFC 3339 in UTC.
 */
export async function passkeyCallText(call: ProvenCall, at: string): Promise<string> {
  const { service, method, path, body } = call;
  return ['sluice-call.v1', service, method, path, await sha256Hex(body ?? ''), at].join('\n');
}

export function challengeOf(callText: string): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(utf8(callText));
}

interface PasskeyProofParts {
  readonly at: string;
  /** Answer of the browser, in JSON. */
  readonly assertion: object;
  /** The ledger's word to the called service about this passkey. */
  readonly voucher: string;
}

/** Value of the header `sluice-passkey`. */
export function passkeyHeader({ at, assertion, voucher }: PasskeyProofParts): string {
  return toBase64url(utf8(JSON.stringify({ at, assertion, voucher })));
}
