import type { SimulatedAnswer, FaultAnswers } from '../sim/serve.js';

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
export const UNAUTHORIZED: SimulatedAnswer = { status: 401, body: '', contentType: 'text/plain' };
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
