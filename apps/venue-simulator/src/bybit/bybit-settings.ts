import {
  allOf,
  listOf,
  mapOf,
  oneOf,
  someOf,
  textLike,
  wholeNumber,
  type ValueCheck,
} from '../sim/check.js';
import { checkBalances, checkCoins, type CoinChanges } from '../sim/coins.js';
import type { RateLimit } from '../sim/rate-limiter.js';
import { scriptsLike } from '../sim/scripts.js';
import {
  CHANGE_CHECKS,
  DELAY_CHECKS,
  DELAYS,
  milliseconds,
  rateLimit,
  statusTimes,
  text,
  UNCHANGED,
  type CommonSettings,
} from '../sim/setting-checks.js';
import { everyStatus } from '../sim/settings.js';
import { COINS } from './bybit-coins.js';
import { PASSING_STATUSES } from './bybit-status-scripts.js';
import { LIMITS, type BybitLimit } from './bybit-limits.js';
import { SITES, type Site } from './bybit-travel-rule.js';

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
  /**
   * Reported properties of a key: allowed IP addresses, expiry (empty: never), and additional
   * permissions.
   */
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
