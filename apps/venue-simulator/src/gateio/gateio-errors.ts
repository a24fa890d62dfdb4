import type { SimulatedAnswer, FaultAnswers } from '../sim/serve.js';

/**
 * Error labels of the simulator, each with the HTTP status. The manual fixes only 401, 429 and 5xx;
 * the other 4xx statuses are our choice.
 */
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
