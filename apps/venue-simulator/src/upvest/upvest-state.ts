import { allOf, listOf, oneOf, someOf, type ValueCheck, wholeNumber } from '../sim/check.js';
import { everyStatus, type SimulatedVenueState } from '../sim/open-venue.js';
import { ANY_OTHER_STATUS, scriptsLike, type StatusScript } from '../sim/payment-book.js';
import type { BookedPayment } from '../sim/facts.js';
import type { FaultAnswers, RateLimit, SimulatedAnswer } from '../sim/serve.js';
import {
  balancesOf,
  CHANGE_CHECKS,
  type CommonSettings,
  DELAY_CHECKS,
  DELAYS,
  limitFields,
  milliseconds,
  statusTimes,
  text,
  UNCHANGED,
} from '../sim/setting-checks.js';
import type { TokenBook, UpvestIdentity } from './upvest-identities.js';

export interface UpvestState extends SimulatedVenueState<UpvestSettings, UpvestIdentity> {
  readonly tokens: TokenBook;
}

/** `client_id`: idempotency key. `destination`: reference account. `memo`: remittance text. */
export interface UpvestPayment extends BookedPayment {
  readonly user_id: string;
  readonly account_group_id: string;
  readonly purpose_code: string | null;
}

export interface UpvestCall {
  readonly client: UpvestIdentity;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  readonly id: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestId: string;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}

/** Status sequences. There is no failure status. `returned`: the bank sends a transfer back. */
export const UPVEST_STATUS_SCRIPTS = {
  withdrawal: { statuses: ['NEW', 'PROCESSING', 'CONFIRMED'] },
  withdrawal_going_back: {
    statuses: ['NEW', 'PROCESSING', 'CONFIRMED', 'PROCESSING', 'CONFIRMED'],
  },
  cancelled_while_new: { statuses: ['NEW', 'CANCELLED'], returnsFunds: true },
  cancelled_while_processing: { statuses: ['NEW', 'PROCESSING', 'CANCELLED'], returnsFunds: true },
  returned: { statuses: ['NEW', 'PROCESSING', 'CONFIRMED', 'CANCELLED'], returnsFunds: true },
  cancelled_by_client: { statuses: ['CANCELLED'], returnsFunds: true },
} as const satisfies Record<string, StatusScript>;

export type UpvestStatusScript = keyof typeof UPVEST_STATUS_SCRIPTS;

/** Statuses with a possible successor and therefore a duration. */
export const PASSING_STATUSES = ['NEW', 'PROCESSING', 'CONFIRMED', ANY_OTHER_STATUS] as const;

export interface UpvestWebhook {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly type: readonly string[];
  readonly enabled: boolean;
}

export interface UpvestSettings extends CommonSettings {
  readonly rate_limits: RateLimit & { readonly enabled: boolean };
  readonly token_expires_in_s: number;
  /** A new number invalidates every token issued earlier. */
  readonly token_generation: number;
  readonly signature: {
    readonly check_expiry: boolean;
    readonly most_ahead_s: number;
    readonly longest_window_s: number;
    readonly refuse_replayed_nonce: boolean;
    readonly uncovered_allowed: readonly string[];
  };
  readonly idempotency: {
    readonly kept_ms: number;
    readonly in_progress_ms: number;
    readonly other_body: 'conflict' | 'replay';
    readonly replays: 'first_state' | 'present_state';
  };
  readonly insufficient_cash: 400 | 422;
  readonly cancel_status: 200 | 204;
  readonly server_error: ServerErrorStatus;
  readonly cut_sends: 'nothing' | 'half_the_body';
  readonly refused_reference_accounts: readonly string[];
  readonly rejected_reference_accounts: readonly string[];
  readonly rejected_while: 'NEW' | 'PROCESSING';
  readonly returned_reference_accounts: readonly string[];
  readonly webhooks: readonly UpvestWebhook[];
  readonly webhook_delivery: {
    readonly retry_unit_ms: number;
    readonly duplicate: boolean;
    readonly reorder: boolean;
    readonly stuck: boolean;
  };
}

export const DEFAULT_SETTINGS: UpvestSettings = {
  status_ms: everyStatus(PASSING_STATUSES, 1_500),
  rate_limits: { enabled: true, requests: 300, per_ms: 1_000 },
  token_expires_in_s: 1_799,
  token_generation: 1,
  signature: {
    check_expiry: true,
    most_ahead_s: 60,
    longest_window_s: 300,
    refuse_replayed_nonce: true,
    uncovered_allowed: [],
  },
  idempotency: {
    kept_ms: 86_400_000,
    in_progress_ms: 0,
    other_body: 'conflict',
    replays: 'first_state',
  },
  insufficient_cash: 422,
  cancel_status: 204,
  server_error: 500,
  cut_sends: 'nothing',
  refused_reference_accounts: [],
  rejected_reference_accounts: [],
  rejected_while: 'PROCESSING',
  returned_reference_accounts: [],
  scripts: {},
  ...DELAYS,
  ...UNCHANGED,
  balances: { EUR: '1000000000.00' },
  webhooks: [],
  webhook_delivery: { retry_unit_ms: 1_000, duplicate: false, reorder: false, stuck: false },
};

const flag = oneOf(true, false);

export const checkSettings: ValueCheck = someOf({
  status_ms: statusTimes(PASSING_STATUSES),
  rate_limits: someOf({ enabled: flag, ...limitFields }),
  token_expires_in_s: wholeNumber(1, 86_400),
  token_generation: wholeNumber(1, 1_000_000),
  signature: someOf({
    check_expiry: flag,
    most_ahead_s: wholeNumber(0, 86_400),
    longest_window_s: wholeNumber(1, 86_400),
    refuse_replayed_nonce: flag,
    uncovered_allowed: listOf(text),
  }),
  idempotency: someOf({
    kept_ms: milliseconds,
    in_progress_ms: milliseconds,
    other_body: oneOf('conflict', 'replay'),
    replays: oneOf('first_state', 'present_state'),
  }),
  insufficient_cash: oneOf(400, 422),
  cancel_status: oneOf(200, 204),
  server_error: oneOf(500, 502, 503, 504),
  cut_sends: oneOf('nothing', 'half_the_body'),
  refused_reference_accounts: listOf(text),
  rejected_reference_accounts: listOf(text),
  rejected_while: oneOf('NEW', 'PROCESSING'),
  returned_reference_accounts: listOf(text),
  scripts: scriptsLike(/^[A-Z_]{1,32}$/),
  ...DELAY_CHECKS,
  ...CHANGE_CHECKS,
  balances: balancesOf(['EUR'], /^[0-9]{1,12}(\.[0-9]{1,2})?$/),
  webhooks: listOf(allOf({ id: text, title: text, url: text, type: listOf(text), enabled: flag })),
  webhook_delivery: someOf({
    retry_unit_ms: milliseconds,
    duplicate: flag,
    reorder: flag,
    stuck: flag,
  }),
});

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
type ServerErrorStatus = keyof typeof SERVER_ERRORS;

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
