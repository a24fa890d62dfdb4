import { ok, refuse, type Result } from '@sluice/kernel';
import { verifyGateio } from '@sluice/signing';
import { apiKey, apiKeyTerms, type KeyBook, type SimulatedApiKey } from '../sim/key-book.js';
import type { FaultAnswers, SimulatedAnswer } from '../sim/serve.js';

export interface SignedGateioRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string | Uint8Array;
  readonly headers: { readonly key: unknown; readonly timestamp: unknown; readonly sign: unknown };
}

type GateioKeyBook = Pick<KeyBook<SimulatedApiKey<GateioPermission>>, 'find'>;

const TIMESTAMP = /^[0-9]{1,12}(\.[0-9]{1,12})?$/;
const TOLERANCE_MS = 60_000;

/** Headers, clock, key, signature, permission, in this order. `permission` null: any key will do. */
export function authenticate(
  keys: GateioKeyBook,
  request: SignedGateioRequest,
  permission: GateioPermission | null,
  now: number,
): Result<SimulatedApiKey<GateioPermission>, GateioError> {
  const { key: keyText, timestamp, sign } = request.headers;
  if (typeof keyText !== 'string') return missing('KEY');
  if (typeof timestamp !== 'string') return missing('Timestamp');
  if (typeof sign !== 'string') return missing('SIGN');

  if (!TIMESTAMP.test(timestamp))
    return refuse({ label: 'INVALID_PARAM_VALUE', message: 'Invalid header Timestamp' });
  if (Math.abs(Number(timestamp) * 1000 - now) > TOLERANCE_MS) {
    return refuse({
      label: 'REQUEST_EXPIRED',
      message: 'gap between request Timestamp and server time exceeds 60',
    });
  }

  const key = keys.find(keyText);
  if (!key) return refuse({ label: 'INVALID_KEY', message: 'Invalid key provided' });
  if (!verifyGateio(key.api_secret, { ...request, timestamp }, sign))
    return refuse({ label: 'INVALID_SIGNATURE', message: 'Signature mismatch' });
  if (permission && !key.permissions.includes(permission)) {
    return refuse({
      label: 'FORBIDDEN',
      message: `Request API key does not have ${permission === 'withdrawal' ? 'withdraw' : permission} permission`,
    });
  }
  return ok(key);
}

function missing(header: string): Result<never, GateioError> {
  return refuse({
    label: 'MISSING_REQUIRED_HEADER',
    message: `Missing required header: ${header}`,
  });
}

export type GateioPermission = 'wallet' | 'withdrawal' | 'spot';

/** The only account of the simulated venue. */
export const ACCOUNT_UID = '10000001';

const LENGTH = { key: 32, secret: 64 };

const PERMISSIONS: readonly GateioPermission[] = ['wallet', 'withdrawal', 'spot'];

export const API_KEYS: readonly SimulatedApiKey<GateioPermission>[] = [
  apiKey('gateio', 'main', PERMISSIONS, LENGTH),
  apiKey('gateio', 'read_only', ['wallet', 'spot'], LENGTH),
  apiKey('gateio', 'withdrawal_only', ['withdrawal'], LENGTH),
];

export const KEY_TERMS = apiKeyTerms(API_KEYS, PERMISSIONS);

/** Labels with their HTTP status. The manual fixes only 401, 429 and 5xx. */
const HTTP_STATUS = {
  MISSING_REQUIRED_HEADER: 400,
  REQUEST_EXPIRED: 403,
  INVALID_KEY: 401,
  INVALID_SIGNATURE: 401,
  FORBIDDEN: 403,
  TOO_MANY_REQUESTS: 429,
  NOT_FOUND: 404,
  INVALID_CONTENT_TYPE: 400,
  INVALID_REQUEST_BODY: 400,
  MISSING_REQUIRED_PARAM: 400,
  INVALID_PARAM_VALUE: 400,
  INVALID_CURRENCY: 400,
  INVALID_PRECISION: 400,
  INVALID_CLIENT_ORDER_ID: 400,
  API_WITHDRAW_DISABLED: 400,
  AMOUNT_TOO_LITTLE: 400,
  AMOUNT_TOO_MUCH: 400,
  BALANCE_NOT_ENOUGH: 400,
  DUPLICATE_REQUEST: 400,
  INVALID_WITHDRAW_ID: 400,
  INVALID_WITHDRAW_CANCEL_STATUS: 400,
  SERVER_ERROR: 500,
} as const;

type GateioLabel = keyof typeof HTTP_STATUS;

export interface GateioError {
  readonly label: GateioLabel;
  readonly message: string;
}

export function errorAnswer({ label, message }: GateioError): SimulatedAnswer {
  return { status: HTTP_STATUS[label], body: JSON.stringify({ label, message }) };
}

export function jsonAnswer(value: unknown, status = 200): SimulatedAnswer {
  return { status, body: JSON.stringify(value) };
}

export const TOO_MANY_REQUESTS: SimulatedAnswer = errorAnswer({
  label: 'TOO_MANY_REQUESTS',
  message: 'Request Rate limit Exceeded',
});

export const SERVER_ERROR: SimulatedAnswer = errorAnswer({
  label: 'SERVER_ERROR',
  message: 'Internal server error',
});

/** Answers for faults. `limit`: the headers of an account over the limit. */
export function faultAnswers(limit: Readonly<Record<string, string>>): FaultAnswers {
  return {
    refusal: errorAnswer({ label: 'INVALID_PARAM_VALUE', message: 'Request refused' }),
    serverError: SERVER_ERROR,
    tooManyRequests: { ...TOO_MANY_REQUESTS, headers: limit },
  };
}
