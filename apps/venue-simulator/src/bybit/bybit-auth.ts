import { verify } from 'node:crypto';
import { ok, refuse, type Result } from '@sluice/kernel';
import { bybitCanonical, verifyBybit, type BybitRequest } from '@sluice/signing';
import { errorAnswer, UNAUTHORIZED, type BybitError } from './bybit-errors.js';
import type { BybitKey, BybitPermission } from './bybit-keys.js';
import type { KeyBook } from '../sim/key-book.js';
import type { SimulatedAnswer } from '../sim/serve.js';

export interface SignedBybitRequest {
  readonly method: string;
  readonly query: string;
  readonly body: string | Uint8Array;
  readonly headers: {
    readonly key: unknown;
    readonly timestamp: unknown;
    readonly sign: unknown;
    readonly recvWindow: unknown;
  };
}

/** Lookup of the existing keys. */
type BybitKeyBook = Pick<KeyBook<BybitKey>, 'find'>;

const MILLISECONDS = /^[0-9]{1,15}$/;
const DEFAULT_WINDOW = '5000';
const AHEAD_MS = 1_000;

/** Headers, key, clock, signature, permissions, in this order. */
export function authenticate(
  keys: BybitKeyBook,
  request: SignedBybitRequest,
  needed: readonly BybitPermission[],
  now: number,
): Result<BybitKey, SimulatedAnswer> {
  const { key: apiKey, timestamp, sign, recvWindow = '' } = request.headers;
  if (
    typeof apiKey !== 'string' ||
    typeof timestamp !== 'string' ||
    typeof sign !== 'string' ||
    typeof recvWindow !== 'string'
  )
    return refuse(UNAUTHORIZED);

  const key = keys.find(apiKey);
  if (!key) return error({ code: 10003, message: 'API key is invalid.' });
  if (!inWindow(timestamp, recvWindow, now)) {
    const times = `req_timestamp[${timestamp}],server_timestamp[${now}],recv_window[${recvWindow || DEFAULT_WINDOW}]`;
    return error({
      code: 10002,
      message: `invalid request, please check your server timestamp or recv_window param. ${times}`,
    });
  }
  const signed = { ...request, apiKey, timestamp, recvWindow };
  if (!isSignedBy(key, signed, sign)) {
    return error({
      code: 10004,
      message: `error sign! origin_string[${Buffer.from(bybitCanonical(signed)).toString('utf8')}]`,
    });
  }
  if (!needed.every((permission) => key.permissions.includes(permission)))
    return error({
      code: 10005,
      message: 'Permission denied, please check your API key permissions.',
    });
  return ok(key);
}

/** The same bytes, signed with HMAC in hexadecimal or with RSA in base64. */
function isSignedBy({ verifies }: BybitKey, signed: BybitRequest, sign: string): boolean {
  if ('secret' in verifies) return verifyBybit(verifies.secret, signed, sign);
  const bytes = bybitCanonical(signed);
  return verify('sha256', bytes, verifies.rsa, Buffer.from(sign, 'base64'));
}

/** `server − recv_window ≤ timestamp < server + 1000`. */
function inWindow(timestamp: string, recvWindow: string, now: number): boolean {
  const window = recvWindow || DEFAULT_WINDOW;
  if (!MILLISECONDS.test(timestamp) || !MILLISECONDS.test(window)) return false;
  return now - Number(window) <= Number(timestamp) && Number(timestamp) < now + AHEAD_MS;
}

function error(fault: BybitError): Result<never, SimulatedAnswer> {
  return refuse(errorAnswer(fault));
}
