import { allOf, listOf, oneOf, someOf, wholeNumber, type ValueCheck } from '../sim/check.js';
import type { RateLimit } from '../sim/rate-limiter.js';
import { scriptsLike } from '../sim/scripts.js';
import {
  balancesOf,
  CHANGE_CHECKS,
  DELAY_CHECKS,
  DELAYS,
  limitFields,
  milliseconds,
  statusTimes,
  text,
  UNCHANGED,
  type CommonSettings,
} from '../sim/setting-checks.js';
import { everyStatus } from '../sim/settings.js';
import { PASSING_STATUSES } from './upvest-status-scripts.js';
import type { ServerErrorStatus } from './upvest-problems.js';

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
