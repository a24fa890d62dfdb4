import { ok, refuse, type Result } from '@sluice/kernel';
import { verifyBitmart, type Bytes } from '@sluice/signing';
import type { KeyBook } from '../sim/key-book.js';
import type { BitmartCode, BitmartError } from './bitmart-errors.js';
import type { BitmartApiKey } from './bitmart-keys.js';

export interface AccessRule {
  /** `keyed`: only the key is checked. `signed`: signature and clock are checked as well. */
  readonly level: 'keyed' | 'signed';
  readonly withdraws: boolean;
  /** Error code for a key of a sub-account; null if allowed. */
  readonly subAccount: BitmartCode | null;
}

export interface WireHeaders {
  readonly key: unknown;
  readonly timestamp: unknown;
  readonly sign: unknown;
}

/** Lookup of the existing keys. */
type BitmartKeyBook = Pick<KeyBook<BitmartApiKey>, 'find'>;

const TOLERANCE_MS = 60_000;

/**
 * Checks the key, followed by signature and clock if required, and the permission. The timestamp
 * format is checked before the signature, because the signature covers the timestamp.
 */
export function authenticate(
  keys: BitmartKeyBook,
  headers: WireHeaders,
  body: Bytes,
  rule: AccessRule,
  now: number,
): Result<BitmartApiKey, BitmartError> {
  const key = keys.find(text(headers.key));
  if (text(headers.key) === '') return refuse({ code: 30001 });
  if (!key) return refuse({ code: 30002 });
  if (key.state === 'frozen') return refuse({ code: 30003 });
  const signing = rule.level === 'signed' ? signingFault(headers, body, key, now) : null;
  if (signing) return refuse(signing);
  if (key.state === 'expired') return refuse({ code: 30011 });
  if (rule.withdraws && !key.permissions.includes('withdraw')) return refuse({ code: 30012 });
  if (key.sub_account && rule.subAccount !== null) return refuse({ code: rule.subAccount });
  return ok(key);
}

function signingFault(
  headers: WireHeaders,
  body: Bytes,
  { api_secret, memo }: BitmartApiKey,
  now: number,
): BitmartError | null {
  const sign = text(headers.sign);
  const timestamp = text(headers.timestamp);
  if (sign === '') return { code: 30004 };
  if (!/^[0-9]{1,15}$/.test(timestamp)) return { code: 30006 };
  if (!verifyBitmart(api_secret, { timestamp, memo, content: body }, sign)) return { code: 30005 };
  return Math.abs(Number(timestamp) - now) > TOLERANCE_MS ? { code: 30007 } : null;
}

function text(header: unknown): string {
  return typeof header === 'string' ? header : '';
}
