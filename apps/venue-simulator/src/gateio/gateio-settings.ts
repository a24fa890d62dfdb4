import { allOf, listOf, oneOf, someOf, type ValueCheck } from '../sim/check.js';
import { checkBalances, checkCoins, type CoinChanges } from '../sim/coins.js';
import type { RateLimit } from '../sim/rate-limiter.js';
import { scriptsLike } from '../sim/scripts.js';
import {
  CHANGE_CHECKS,
  DELAY_CHECKS,
  DELAYS,
  rateLimit,
  statusTimes,
  text,
  UNCHANGED,
  type CommonSettings,
} from '../sim/setting-checks.js';
import { everyStatus } from '../sim/settings.js';
import { CURRENCIES } from './gateio-currencies.js';
import { PASSING_STATUSES } from './gateio-status-scripts.js';

interface SavedAddress {
  readonly currency: string;
  readonly chain: string;
  readonly address: string;
  readonly name: string;
  readonly tag: string;
  readonly verified: '0' | '1';
}

export interface GateioSettings extends CommonSettings {
  readonly rate_limits: {
    readonly enabled: boolean;
    readonly withdrawals: RateLimit;
    readonly private: RateLimit;
    readonly public: RateLimit;
  };
  readonly duplicate_client_id: 'create' | 'refuse';
  readonly refused_addresses: readonly string[];
  readonly rejected_addresses: readonly string[];
  readonly saved_addresses_only: boolean;
  readonly saved_addresses: readonly SavedAddress[];
  readonly coins: CoinChanges;
  /** Reported properties of a key: allowed IP addresses and additional permissions. */
  readonly key_ip_whitelist: readonly string[];
  readonly key_more_permissions: readonly string[];
}

export const DEFAULT_SETTINGS: GateioSettings = {
  status_ms: everyStatus(PASSING_STATUSES, 1_500),
  rate_limits: {
    enabled: true,
    withdrawals: { requests: 1, per_ms: 3_000 },
    private: { requests: 200, per_ms: 10_000 },
    public: { requests: 200, per_ms: 10_000 },
  },
  duplicate_client_id: 'create',
  refused_addresses: [],
  rejected_addresses: [],
  saved_addresses_only: false,
  saved_addresses: [],
  key_ip_whitelist: ['127.0.0.1'],
  key_more_permissions: [],
  scripts: {},
  coins: {},
  ...DELAYS,
  ...UNCHANGED,
  balances: Object.fromEntries([...CURRENCIES.keys()].map((currency) => [currency, '1000000000'])),
};

export const checkSettings: ValueCheck = someOf({
  status_ms: statusTimes(PASSING_STATUSES),
  rate_limits: someOf({
    enabled: oneOf(true, false),
    withdrawals: rateLimit,
    private: rateLimit,
    public: rateLimit,
  }),
  duplicate_client_id: oneOf('create', 'refuse'),
  refused_addresses: listOf(text),
  rejected_addresses: listOf(text),
  saved_addresses_only: oneOf(true, false),
  key_ip_whitelist: listOf(text),
  key_more_permissions: listOf(text),
  saved_addresses: listOf(
    allOf({
      currency: text,
      chain: text,
      address: text,
      name: text,
      tag: text,
      verified: oneOf('0', '1'),
    }),
  ),
  scripts: scriptsLike(/^[A-Z_]{1,32}$/),
  ...DELAY_CHECKS,
  ...CHANGE_CHECKS,
  coins: checkCoins,
  balances: checkBalances,
});
