import type { SimulatedApiKey } from '../sim/key-book.js';
import { allOf, listOf, oneOf, someOf, type ValueCheck } from '../sim/check.js';
import { checkBalances, checkCoins, type CoinChanges } from '../sim/coins.js';
import { everyStatus, type SimulatedVenueState } from '../sim/open-venue.js';
import { ANY_OTHER_STATUS, scriptsLike, type StatusScript } from '../sim/payment-book.js';
import type { RateLimit } from '../sim/serve.js';
import {
  CHANGE_CHECKS,
  type CommonSettings,
  DELAY_CHECKS,
  DELAYS,
  rateLimit,
  statusTimes,
  text,
  UNCHANGED,
} from '../sim/setting-checks.js';
import { CURRENCIES, type GateioCurrencies } from './gateio-currencies.js';
import type { GateioPermission } from './gateio-auth.js';

export interface GateioState extends SimulatedVenueState<
  GateioSettings,
  SimulatedApiKey<GateioPermission>
> {
  readonly currencies: () => GateioCurrencies;
}

export interface GateioCall {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  /** Path part in place of the braces in the endpoint's name. */
  readonly id: string;
  readonly contentType: string | undefined;
  /** Null at a public endpoint. */
  readonly key: SimulatedApiKey<GateioPermission> | null;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}

/** The ways a payment can go, in the newer of the two vocabularies in circulation. */
export const GATEIO_STATUS_SCRIPTS = {
  withdrawal: { statuses: ['REQUEST', 'REVIEW', 'LOCKED', 'EXTPEND', 'DONE'] },
  withdrawal_going_back: {
    statuses: ['REQUEST', 'REVIEW', 'LOCKED', 'EXTPEND', 'DONE', 'EXTPEND', 'DONE'],
  },
  withdrawal_rejected: { statuses: ['REQUEST', 'REVIEW', 'REJECT'], returnsFunds: true },
  withdrawal_cancelled: { statuses: ['CANCELPEND', 'CANCEL'], returnsFunds: true },
  push: { statuses: ['CREATING', 'RECEIVING', 'RECEIVED'] },
  push_going_back: { statuses: ['CREATING', 'RECEIVING', 'RECEIVED', 'RECEIVING', 'RECEIVED'] },
  push_refused: { statuses: ['CREATING', 'PENDING', 'REFUSED'], returnsFunds: true },
} as const satisfies Record<string, StatusScript>;

export type GateioStatusScript = keyof typeof GATEIO_STATUS_SCRIPTS;

/** Processing has not started: the record can still be cancelled. */
export const CANCELLABLE: readonly string[] = ['REQUEST', 'REVIEW'];

/** Statuses with a possible successor and therefore a duration. */
export const PASSING_STATUSES = [
  'REQUEST',
  'REVIEW',
  'LOCKED',
  'EXTPEND',
  'DONE',
  'CANCELPEND',
  'CREATING',
  'PENDING',
  'RECEIVING',
  'RECEIVED',
  ANY_OTHER_STATUS,
] as const;

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
