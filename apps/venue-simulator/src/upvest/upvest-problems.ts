import type { SimulatedAnswer, FaultAnswers } from '../sim/serve.js';

/** Documented error names, each with the HTTP status. */
const HTTP_STATUS = {
  invalid_request: 400,
  missing_client_id: 400,
  missing_idempotency_key: 400,
  unauthorised: 401,
  forbidden: 403,
  not_found: 404,
  not_acceptable: 406,
  conflict: 409,
  unprocessable_entity: 422,
  too_many_requests: 429,
  internal: 500,
  bad_gateway: 502,
  unavailable: 503,
  gateway_timeout: 504,
} as const;

const SERVER_ERRORS = {
  500: 'internal',
  502: 'bad_gateway',
  503: 'unavailable',
  504: 'gateway_timeout',
} as const;

type ProblemName = keyof typeof HTTP_STATUS;
export type ServerErrorStatus = keyof typeof SERVER_ERRORS;

export interface Problem {
  readonly name: ProblemName;
  readonly detail: string;
}

export function problem(name: ProblemName, detail: string): Problem {
  return { name, detail };
}

export function problemAnswer({ name, detail }: Problem, requestId: string): SimulatedAnswer {
  const title = name[0]?.toUpperCase() + name.slice(1).replaceAll('_', ' ');
  const body = {
    type: `https://docs.upvest.co/errors/${name}`,
    status: HTTP_STATUS[name],
    title,
    detail,
    request_id: requestId,
  };
  return {
    status: HTTP_STATUS[name],
    body: JSON.stringify(body),
    contentType: 'application/problem+json',
  };
}

export function jsonAnswer(value: unknown, status = 200): SimulatedAnswer {
  return { status, body: JSON.stringify(value) };
}

export function faultAnswers(serverError: ServerErrorStatus, requestId: string): FaultAnswers {
  return {
    refusal: problemAnswer(problem('invalid_request', 'The request is refused'), requestId),
    serverError: problemAnswer(
      problem(SERVER_ERRORS[serverError], 'Something went wrong on our side'),
      requestId,
    ),
    tooManyRequests: problemAnswer(TOO_MANY_REQUESTS, requestId),
  };
}

export const TOO_MANY_REQUESTS = problem('too_many_requests', 'The rate limit is exceeded');
