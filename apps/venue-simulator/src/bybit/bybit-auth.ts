import { type KeyObject, verify } from 'node:crypto';
import { ok, refuse, type Result } from '@sluice/kernel';
import { bybitCanonical, type BybitRequest, verifyBybit } from '@sluice/signing';
import {
  apiKey,
  type KeyBook,
  keyFields,
  keyName,
  keyText,
  permissionsOf,
  publicKeyPem,
  readPublicKey,
  type SimulatedApiKey,
  type SimulatedKeyTerms,
} from '../sim/key-book.js';
import type { FaultAnswers, SimulatedAnswer } from '../sim/serve.js';

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

/** `withdraw`: the right `Wallet: ["Withdraw"]`. `master`: required for payments and records. */
export type BybitPermission = 'withdraw' | 'master';

export interface BybitKey extends Omit<SimulatedApiKey<BybitPermission>, 'api_secret'> {
  /** Secret of a key with HMAC, or public key of a key with RSA. */
  readonly verifies: { readonly secret: string } | { readonly rsa: KeyObject };
}

/** The only account of the simulated venue. */
export const ACCOUNT_UID = '10000001';

const LENGTH = { key: 18, secret: 36 };
const PERMISSIONS: readonly BybitPermission[] = ['withdraw', 'master'];

export const API_KEYS: readonly SimulatedApiKey<BybitPermission>[] = [
  apiKey('bybit', 'main', PERMISSIONS, LENGTH),
  apiKey('bybit', 'read_only', ['master'], LENGTH),
  apiKey('bybit', 'sub_account', ['withdraw'], LENGTH),
];

const checkKey = keyFields(
  { name: keyName, api_key: keyText },
  { api_secret: keyText, rsa_public_key: publicKeyPem, permissions: permissionsOf(PERMISSIONS) },
);

interface Brought {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret?: string;
  readonly rsa_public_key?: string;
  readonly permissions?: readonly BybitPermission[];
}

export const KEY_TERMS: SimulatedKeyTerms<BybitKey> = {
  fixed: API_KEYS.map(({ api_secret: secret, ...key }) => ({ ...key, verifies: { secret } })),
  idOf: (key) => key.api_key,
  read: (fields) => {
    const fault = checkKey(fields, 'key');
    if (fault !== null) return refuse(fault);
    const { api_secret: secret, rsa_public_key: pem, ...key } = fields as Brought;
    const rsa = pem === undefined ? null : readPublicKey(pem);
    if (rsa !== null && rsa.asymmetricKeyType !== 'rsa')
      return refuse('key.rsa_public_key has to be an RSA key');
    if ((secret === undefined) === (rsa === null))
      return refuse('key has either api_secret or rsa_public_key');
    const verifies = rsa === null ? { secret: secret ?? '' } : { rsa };
    return ok({ permissions: PERMISSIONS, ...key, verifies });
  },
};

/** A business error: HTTP 200 and a code in the envelope. Texts that the documentation does not give are our own words. */
export interface BybitError {
  readonly code: number;
  readonly message: string;
}

function envelope(retCode: number, retMsg: string, result: unknown): SimulatedAnswer['body'] {
  return (time) => JSON.stringify({ retCode, retMsg, result, retExtInfo: {}, time });
}

export function success(result: unknown): SimulatedAnswer {
  return { status: 200, body: envelope(0, 'success', result) };
}

export function errorAnswer({ code, message }: BybitError): SimulatedAnswer {
  return { status: 200, body: envelope(code, message, {}), refused: true };
}

/** Error for a malformed parameter, refused before any lookup. */
export function malformed(what: string): BybitError {
  return { code: 10001, message: `Request parameter error: ${what}` };
}

/** Error of a withdrawal, called "params err" by Bybit. */
export function paramsErr(what: string): BybitError {
  return { code: 131002, message: `params err: ${what}` };
}

export const NOT_IN_BOOK: BybitError = {
  code: 131002,
  message: 'Withdraw address chain or destination tag are not equal',
};
export const BAD_ADDRESS: BybitError = { code: 131002, message: 'withdraw address is invalid' };
const UNAUTHORIZED: SimulatedAnswer = { status: 401, body: '', contentType: 'text/plain' };
export const FORBIDDEN: SimulatedAnswer = {
  status: 403,
  body: '403 Forbidden',
  contentType: 'text/html',
};
export const TOO_FREQUENT: SimulatedAnswer = {
  status: 403,
  body: '403, access too frequent',
  contentType: 'text/html',
};

/** Answer 10006. `headers` contain the end of the limit: clients wait until the end. */
export function tooManyVisits(headers: Readonly<Record<string, string>> = {}): SimulatedAnswer {
  return { ...errorAnswer({ code: 10006, message: 'Too many visits!' }), headers };
}

export function noRoute(): SimulatedAnswer {
  return { status: 404, body: envelope(10017, 'Route not found.', {}) };
}

export function badRequest(): SimulatedAnswer {
  return { status: 400, body: envelope(10001, 'Request parameter error', {}) };
}

export function serverError(): SimulatedAnswer {
  return { status: 500, body: envelope(10016, 'Server error.', {}) };
}

/** Answers for faults. `limit`: headers with the end of the endpoint's limit. */
export function faultAnswers(limit: Readonly<Record<string, string>>): FaultAnswers {
  return {
    refusal: errorAnswer(malformed('request refused')),
    serverError: serverError(),
    tooManyRequests: tooManyVisits(limit),
  };
}
