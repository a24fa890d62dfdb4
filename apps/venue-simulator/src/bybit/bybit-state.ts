import {
  allOf,
  listOf,
  mapOf,
  oneOf,
  someOf,
  textLike,
  type ValueCheck,
  wholeNumber,
} from '../sim/check.js';
import { checkBalances, checkCoins, type CoinChanges } from '../sim/coins.js';
import { everyStatus, type SimulatedVenueState } from '../sim/open-venue.js';
import { ANY_OTHER_STATUS, scriptsLike, type StatusScript } from '../sim/payment-book.js';
import type { RateLimit, RateLimiter, RateVerdict } from '../sim/serve.js';
import {
  CHANGE_CHECKS,
  type CommonSettings,
  DELAY_CHECKS,
  DELAYS,
  milliseconds,
  rateLimit,
  statusTimes,
  text,
  UNCHANGED,
} from '../sim/setting-checks.js';
import { type Coins, COINS } from './bybit-coins.js';
import type { BybitKey } from './bybit-auth.js';
import { type Site, SITES } from './bybit-travel-rule.js';

export interface BybitState extends SimulatedVenueState<BybitSettings, BybitKey> {
  readonly limiter: RateLimiter;
  readonly coins: () => Coins;
}

export interface BybitCall {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  /** Null at a public endpoint. */
  readonly key: BybitKey | null;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}

/** Status sequences. Their order is inferred. */
export const BYBIT_STATUS_SCRIPTS = {
  withdrawal: { statuses: ['SecurityCheck', 'Pending', 'BlockchainConfirmed', 'success'] },
  withdrawal_going_back: {
    statuses: [
      'SecurityCheck',
      'Pending',
      'BlockchainConfirmed',
      'success',
      'BlockchainConfirmed',
      'success',
    ],
  },
  withdrawal_questioned: {
    statuses: [
      'SecurityCheck',
      'MoreInformationRequired',
      'Pending',
      'BlockchainConfirmed',
      'success',
    ],
  },
  withdrawal_failed: { statuses: ['SecurityCheck', 'Pending', 'Fail'], returnsFunds: true },
  internal: { statuses: ['SecurityCheck', 'Pending', 'success'] },
  internal_going_back: { statuses: ['SecurityCheck', 'Pending', 'success', 'Pending', 'success'] },
  rejected: { statuses: ['SecurityCheck', 'Reject'], returnsFunds: true },
  cancelled: { statuses: ['CancelByUser'], returnsFunds: true },
} as const satisfies Record<string, StatusScript>;

/** A transaction appears with `BlockchainConfirmed`, never with `Pending`. */
export const CANCELLABLE: readonly string[] = [
  'SecurityCheck',
  'Pending',
  'MoreInformationRequired',
];

/** Statuses with a possible successor and therefore a duration. */
export const PASSING_STATUSES = [
  'SecurityCheck',
  'Pending',
  'MoreInformationRequired',
  'BlockchainConfirmed',
  'success',
  ANY_OTHER_STATUS,
] as const;

/** Limits per user id, except `ip`. `pair`: withdrawals of a coin on a chain. */
const LIMITS = {
  create: { requests: 5, per_ms: 1_000 },
  pair: { requests: 1, per_ms: 10_000 },
  cancel: { requests: 60, per_ms: 60_000 },
  records: { requests: 300, per_ms: 60_000 },
  deposits: { requests: 100, per_ms: 60_000 },
  withdrawable: { requests: 300, per_ms: 1_000 },
  addresses: { requests: 300, per_ms: 1_000 },
  coin_info: { requests: 5, per_ms: 1_000 },
  coin_balance: { requests: 450, per_ms: 1_000 },
  coin_balances: { requests: 5, per_ms: 1_000 },
  vasp_list: { requests: 1, per_ms: 1_000 },
  other: { requests: 10, per_ms: 1_000 },
  ip: { requests: 600, per_ms: 5_000 },
} as const satisfies Record<string, RateLimit>;

export type BybitLimit = keyof typeof LIMITS;

/** Blocks an IP address until it has been silent for `banMs`. */
export class IpGuard {
  private readonly lastCall = new Map<string, number>();

  constructor(private readonly limiter: RateLimiter) {}

  admits(ip: string, limit: RateLimit, banMs: number, now: number): boolean {
    const last = this.lastCall.get(ip);
    if (last !== undefined && now - last < banMs) {
      this.lastCall.set(ip, now);
      return false;
    }
    this.lastCall.delete(ip);
    if (this.limiter.take(`ip ${ip}`, limit, now).allowed) return true;
    this.lastCall.set(ip, now);
    return false;
  }

  reset(): void {
    this.lastCall.clear();
  }
}

/** Limit headers. Without a limit, the current time is the reset time. */
export function limitHeaders(
  { limit, remain, resetAt, allowed }: RateVerdict,
  now: number,
): Record<string, string> {
  return {
    'x-bapi-limit': String(limit),
    'x-bapi-limit-status': String(remain),
    'x-bapi-limit-reset-timestamp': String(allowed ? now : resetAt),
  };
}

interface BookedAddress {
  readonly coin: string;
  readonly chain: string;
  readonly address: string;
  readonly tag: string;
  readonly remark: string;
  /** 0 ok, 1 new and locked. */
  readonly status: 0 | 1;
  readonly addressType: number;
  readonly verified: 0 | 1;
}

export interface BybitSettings extends CommonSettings {
  readonly rate_limits: { readonly enabled: boolean; readonly ip_ban_ms: number } & Readonly<
    Record<BybitLimit, RateLimit>
  >;
  readonly duplicate_client_id: 'create' | 'replay' | 'refuse';
  readonly pair_limit_code: 131082 | 10006;
  readonly body_timestamp_window_ms: number;
  readonly site: Site;
  readonly address_book_only: boolean;
  readonly address_book: readonly BookedAddress[];
  /** Chain addresses of other accounts of the venue, and their user ids: paid internally when `forceChain` is 0. */
  readonly internal_addresses: Readonly<Record<string, string>>;
  readonly refused_addresses: readonly string[];
  readonly rejected_addresses: readonly string[];
  readonly failed_addresses: readonly string[];
  readonly questioned_addresses: readonly string[];
  readonly coins: CoinChanges;
  /** Allowed IP addresses, expiry (empty: never), and further permissions. */
  readonly key_ips: readonly string[];
  readonly key_expires_at: string;
  readonly key_more_permissions: Readonly<Record<string, readonly string[]>>;
}

export const DEFAULT_SETTINGS: BybitSettings = {
  status_ms: everyStatus(PASSING_STATUSES, 1_500),
  rate_limits: { enabled: true, ip_ban_ms: 600_000, ...LIMITS },
  duplicate_client_id: 'create',
  pair_limit_code: 131082,
  body_timestamp_window_ms: 10_000,
  site: 'GLOBAL',
  address_book_only: false,
  address_book: [],
  internal_addresses: {},
  refused_addresses: [],
  rejected_addresses: [],
  failed_addresses: [],
  questioned_addresses: [],
  key_ips: ['127.0.0.1'],
  key_expires_at: '',
  key_more_permissions: {},
  scripts: {},
  coins: {},
  ...DELAYS,
  ...UNCHANGED,
  balances: Object.fromEntries([...COINS.keys()].map((coin) => [coin, '1000000000'])),
};

const addresses = listOf(text);

export const checkSettings: ValueCheck = someOf({
  status_ms: statusTimes(PASSING_STATUSES),
  rate_limits: someOf({
    enabled: oneOf(true, false),
    ip_ban_ms: milliseconds,
    ...Object.fromEntries(Object.keys(LIMITS).map((name) => [name, rateLimit])),
  }),
  duplicate_client_id: oneOf('create', 'replay', 'refuse'),
  pair_limit_code: oneOf(131082, 10006),
  body_timestamp_window_ms: milliseconds,
  site: oneOf(...SITES),
  address_book_only: oneOf(true, false),
  address_book: listOf(
    allOf({
      coin: text,
      chain: text,
      address: text,
      tag: text,
      remark: text,
      status: oneOf(0, 1),
      addressType: wholeNumber(0, 9),
      verified: oneOf(0, 1),
    }),
  ),
  internal_addresses: mapOf(/^.{1,256}$/, textLike(/^[1-9][0-9]{4,11}$/)),
  refused_addresses: addresses,
  rejected_addresses: addresses,
  failed_addresses: addresses,
  questioned_addresses: addresses,
  key_ips: addresses,
  key_expires_at: text,
  key_more_permissions: mapOf(/^[A-Za-z0-9]{1,32}$/, addresses),
  scripts: scriptsLike(/^[A-Za-z]{1,32}$/),
  ...DELAY_CHECKS,
  ...CHANGE_CHECKS,
  coins: checkCoins,
  balances: checkBalances,
});
