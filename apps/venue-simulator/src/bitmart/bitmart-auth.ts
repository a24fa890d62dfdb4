import { randomUUID } from 'node:crypto';
import { ok, refuse, type Result } from '@sluice/kernel';
import { type Bytes, sha256Hex, verifyBitmart } from '@sluice/signing';
import { oneOf, textLike } from '../sim/check.js';
import {
  type KeyBook,
  keyFields,
  keyName,
  keyText,
  permissionsOf,
  type SimulatedKeyTerms,
} from '../sim/key-book.js';
import type { FaultAnswers, SimulatedAnswer } from '../sim/serve.js';

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

type BitmartKeyBook = Pick<KeyBook<BitmartApiKey>, 'find'>;

const TOLERANCE_MS = 60_000;

/** Checks key, signature and clock if required, and permission. */
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

type BitmartPermission = 'read' | 'withdraw';

export interface BitmartApiKey {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret: string;
  /** Chosen with the key; signed, never sent. */
  readonly memo: string;
  readonly permissions: readonly BitmartPermission[];
  readonly state: 'active' | 'frozen' | 'expired';
  readonly sub_account: boolean;
}

/** The only account of the simulated venue. */
export const ACCOUNT_CID = '876940001';

const PERMISSIONS: readonly BitmartPermission[] = ['read', 'withdraw'];
const USUAL = { permissions: PERMISSIONS, state: 'active', sub_account: false } as const;

/** Fixed keys: a configuration stays valid after a reset. They protect only a simulator. */
export const API_KEYS: readonly BitmartApiKey[] = [
  apiKey('main', {}),
  apiKey('read_only', { permissions: ['read'] }),
  apiKey('sub_account', { sub_account: true }),
  apiKey('frozen', { state: 'frozen' }),
  apiKey('expired', { state: 'expired' }),
];

function apiKey(name: string, change: Partial<BitmartApiKey>): BitmartApiKey {
  return {
    name,
    api_key: sha256Hex(`simulated bitmart key: ${name}`).slice(0, 40),
    api_secret: sha256Hex(`simulated bitmart secret: ${name}`),
    memo: `sluice #${name}`,
    ...USUAL,
    ...change,
  };
}

const checkKey = keyFields(
  { name: keyName, api_key: keyText, api_secret: keyText, memo: textLike(/^.{1,64}$/) },
  {
    permissions: permissionsOf(PERMISSIONS),
    state: oneOf('active', 'frozen', 'expired'),
    sub_account: oneOf(true, false),
  },
);

export const KEY_TERMS: SimulatedKeyTerms<BitmartApiKey> = {
  fixed: API_KEYS,
  idOf: (key) => key.api_key,
  read: (fields) => {
    const fault = checkKey(fields, 'key');
    return fault === null ? ok({ ...USUAL, ...(fields as BitmartApiKey) }) : refuse(fault);
  },
};

/** Error codes of the simulator: HTTP status and text from the reference's error table. */
const ERRORS = {
  30000: [404, 'Not found'],
  30001: [401, 'Header X-BM-KEY is empty'],
  30002: [401, 'Header X-BM-KEY not found'],
  30003: [401, 'Header X-BM-KEY has frozen'],
  30004: [401, 'Header X-BM-SIGN is empty'],
  30005: [401, 'Header X-BM-SIGN is wrong'],
  30006: [401, 'Header X-BM-TIMESTAMP is empty'],
  30007: [401, 'Header X-BM-TIMESTAMP range. Within a minute'],
  30011: [403, 'Header X-BM-KEY over expire time'],
  30012: [403, 'Header X-BM-KEY is forbidden to request it'],
  30013: [429, 'Request too many requests'],
  30017: [
    418,
    'Your account request is temporarily rejected due to violation of current limiting rules',
  ],
  30018: [503, 'Request Body requires JSON format'],
  60000: [
    400,
    'Invalid request (maybe the body is empty, or the int parameter passes string data)',
  ],
  60002: [400, 'currency does not exist'],
  60004: [
    400,
    'Currency has been closed withdraw channel, if there is any problem, please consult customer service',
  ],
  60005: [400, 'Minimum amount is {}'],
  60006: [400, 'Maximum withdraw precision is {}'],
  60007: [400, 'Only withdrawals from added addresses are allowed'],
  60008: [400, 'Balance not enough'],
  60009: [400, 'Beyond the limit'],
  60010: [400, 'Withdraw id or deposit id not found'],
  60011: [400, 'Address is not valid'],
  60012: [
    400,
    'This action is not supported in this currency(If IOTA, HLX recharge and withdraw calls are prohibited)',
  ],
  60013: [400, 'The amount has to be a multiple of {}'],
  60014: [400, 'The address memo is not valid'],
  60015: [400, 'The address is not verified'],
  60026: [403, 'Sub-account does not have permission to operate'],
  60030: [405, 'Method Not Allowed'],
  60031: [415, 'Unsupported Media Type'],
  60051: [500, 'Internal Server Error'],
  60053: [403, 'Please check the email, phone or CID'],
  60054: [403, 'Sub-account may not withdraw'],
  60065: [403, 'Sender and receiver are the same user'],
  60066: [400, 'The time range is over 90 days'],
  60067: [400, 'The start time is after the end time'],
} as const satisfies Record<number, readonly [status: number, message: string]>;

type BitmartCode = keyof typeof ERRORS;

export interface BitmartError {
  readonly code: BitmartCode;
  readonly detail?: string | number;
}

export function errorAnswer({ code, detail = '' }: BitmartError): SimulatedAnswer {
  const [status, text] = ERRORS[code];
  return { status, body: envelope(code, text.replace('{}', String(detail)), {}) };
}

export function okAnswer(data: unknown): SimulatedAnswer {
  return { status: 200, body: envelope(1000, 'OK', data) };
}

/** Answers for faults. `limit`: the headers of a client over the limit. */
export function faultAnswers(limit: Readonly<Record<string, string>>): FaultAnswers {
  return {
    refusal: errorAnswer({ code: 60000 }),
    serverError: errorAnswer({ code: 60051 }),
    tooManyRequests: { ...errorAnswer({ code: 30013 }), headers: limit },
  };
}

function envelope(code: number, message: string, data: unknown): string {
  return JSON.stringify({ code, trace: randomUUID().replaceAll('-', ''), message, data });
}
