import { ok, refuse, type Result } from '@sluice/result';
import { verifyBitmart, type Bytes } from '@sluice/signing';
import type { KeyBook } from '../sim/key-book.js';
import type { BitmartCode, BitmartError } from './bitmart-errors.js';
import type { ApiKey } from './bitmart-keys.js';

export interface AccessRule {
  /** `keyed`: the key alone, whatever else is sent. `signed`: signature and clock as well. */
  readonly level: 'keyed' | 'signed';
  readonly withdraws: boolean;
  /** What a key of a sub-account is told; null when it may. */
  readonly subAccount: BitmartCode | null;
}

export interface WireHeaders {
  readonly key: unknown;
  readonly timestamp: unknown;
  readonly sign: unknown;
}

/** The keys that there are. */
export type Keys = Pick<KeyBook<ApiKey>, 'find'>;

const TOLERANCE_MS = 60_000;

/** Key, then signature and clock where they count, then permission. The time's form comes before the signature, which is made over it. */
export function authenticate(
  keys: Keys,
  headers: WireHeaders,
  body: Bytes,
  rule: AccessRule,
  now: number,
): Result<ApiKey, BitmartError> {
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
  { api_secret, memo }: ApiKey,
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
