import { randomUUID } from 'node:crypto';
import type { SimulatedAnswer, FaultAnswers } from '../sim/serve.js';

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

export type BitmartCode = keyof typeof ERRORS;

export interface BitmartError {
  readonly code: BitmartCode;
  /** Replacement for `{}` in the error text. */
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
