import { allOf, listOf, oneOf, someOf, type ValueCheck, wholeNumber } from '../sim/check.js';
import { checkBalances, checkCoins, type CoinChanges } from '../sim/coins.js';
import { everyStatus, type SimulatedVenueState } from '../sim/open-venue.js';
import { ANY_OTHER_STATUS, scriptsLike, type StatusScript } from '../sim/payment-book.js';
import type { RateLimit } from '../sim/serve.js';
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
import { type BitmartCurrencies, CURRENCIES, networkOf } from './bitmart-currencies.js';
import type { BitmartApiKey } from './bitmart-auth.js';

export interface BitmartState extends SimulatedVenueState<BitmartSettings, BitmartApiKey> {
  readonly currencies: () => BitmartCurrencies;
}

export interface BitmartCall {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}

/** Ways of a payment. `2_tx` is 2 with a transaction. Statuses of transfers are unconfirmed. */
export const BITMART_STATUS_SCRIPTS = {
  withdrawal: { statuses: ['0', '1', '2', '2_tx', '3'] },
  withdrawal_going_back: { statuses: ['0', '1', '2', '2_tx', '3', '2_tx', '3'] },
  withdrawal_cancelled: { statuses: ['0', '1', '4'], returnsFunds: true },
  withdrawal_failed: { statuses: ['0', '1', '2', '5'], returnsFunds: true },
  transfer: { statuses: ['0', '1', '2', '3'] },
  transfer_going_back: { statuses: ['0', '1', '2', '3', '2', '3'] },
  transfer_cancelled: { statuses: ['0', '1', '4'], returnsFunds: true },
  transfer_failed: { statuses: ['0', '1', '2', '5'], returnsFunds: true },
} as const satisfies Record<string, StatusScript>;

/** Statuses with a possible successor and therefore a duration. */
export const PASSING_STATUSES = ['0', '1', '2', '2_tx', '3', ANY_OTHER_STATUS] as const;

/** Returns the status number shown by the venue. */
export function wireStatus(status: string): number {
  return Number(status.charAt(0));
}

export function hasTransaction(status: string): boolean {
  return status === '2_tx' || status === '3';
}

/** `addressType`: 0 a currency on a network, 1 any currency on it, 2 any EVM network. */
export interface SavedAddress {
  readonly currency: string;
  readonly network: string;
  readonly address: string;
  readonly memo: string;
  readonly remark: string;
  readonly addressType: 0 | 1 | 2;
  readonly verifyStatus: 0 | 1;
}

/** Rate limits of the endpoints; `other` is for endpoints without a limit in the reference. */
const LIMITS = {
  apply: { requests: 8, per_ms: 2_000 },
  history: { requests: 8, per_ms: 2_000 },
  detail: { requests: 8, per_ms: 2_000 },
  charge: { requests: 2, per_ms: 2_000 },
  currencies: { requests: 2, per_ms: 2_000 },
  wallet: { requests: 12, per_ms: 2_000 },
  address_list: { requests: 2, per_ms: 2_000 },
  system: { requests: 10, per_ms: 1_000 },
  other: { requests: 10, per_ms: 2_000 },
} as const satisfies Record<string, RateLimit>;

export type BitmartLimit = keyof typeof LIMITS;

export interface BitmartSettings extends CommonSettings {
  readonly rate_limits: { readonly enabled: boolean } & Readonly<Record<BitmartLimit, RateLimit>>;
  /** After `after` consecutive 429 answers a client gets 418 for `for_ms` milliseconds. */
  readonly ban: { readonly after: number; readonly for_ms: number };
  /** `gross`: the fee is deducted from `amount`. `net`: added. Unconfirmed. */
  readonly amount_is: 'gross' | 'net';
  /** Address shown in the record of an account transfer; the real behaviour is unconfirmed. */
  readonly account_record_address: 'value' | 'empty';
  readonly refused_addresses: readonly string[];
  readonly rejected_addresses: readonly string[];
  readonly cancelled_addresses: readonly string[];
  readonly saved_addresses_only: boolean;
  readonly saved_addresses: readonly SavedAddress[];
  readonly coins: CoinChanges;
}

const EVM_IDS = ['USDT-ETH', 'USDT-BSC_BNB', 'ETH'] as const;

/** A row per currency. ccxt cannot read rows of the wider types. */
const saved = (
  address: string,
  currencies: readonly string[],
  change: Partial<SavedAddress> = {},
): SavedAddress[] =>
  currencies.map((currency) => ({
    currency,
    network: networkOf(CURRENCIES, currency)?.chain ?? currency,
    address,
    memo: '',
    remark: 'sluice',
    addressType: 0,
    verifyStatus: 1,
    ...change,
  }));

export const DEFAULT_SETTINGS: BitmartSettings = {
  status_ms: everyStatus(PASSING_STATUSES, 1_500),
  rate_limits: { enabled: true, ...LIMITS },
  ban: { after: 10, for_ms: 10_000 },
  amount_is: 'gross',
  account_record_address: 'value',
  refused_addresses: [],
  rejected_addresses: [],
  cancelled_addresses: [],
  saved_addresses_only: true,
  saved_addresses: [
    ...saved('0x99CED129603abc771C0dabE935c326Ff6C86645d', EVM_IDS),
    ...saved('0xe57b69a8776b37860407965B73cdFFBDFe668Bb5', EVM_IDS),
    ...saved('0x0000000000000000000000000000000000000bad', EVM_IDS, { verifyStatus: 0 }),
    ...saved('TGR3ghy2b5VLbyAYrmiE15jasR6aPHTvC5', ['USDT-TRX']),
    ...saved('TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL', ['USDT-TRX']),
    ...saved('TUu2rLFrmzUodiWfYki7QCNtv1akL682p1', ['USDT-TRX']),
    ...saved('7VHUFJHWu2CuExkJcJrzhQPJ2oygupTWkL2A2For4BmE', ['USDT-SOL']),
    ...saved('bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', ['BTC']),
    ...saved('rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh', ['XRP'], { memo: '104398221' }),
  ],
  scripts: {},
  coins: {},
  ...DELAYS,
  ...UNCHANGED,
  balances: Object.fromEntries([...CURRENCIES.keys()].map((currency) => [currency, '1000000000'])),
};

const savedAddress = allOf({
  currency: text,
  network: text,
  address: text,
  memo: text,
  remark: text,
  addressType: oneOf(0, 1, 2),
  verifyStatus: oneOf(0, 1),
});

export const checkSettings: ValueCheck = someOf({
  status_ms: statusTimes(PASSING_STATUSES),
  rate_limits: someOf({
    enabled: oneOf(true, false),
    ...Object.fromEntries(Object.keys(LIMITS).map((name) => [name, rateLimit])),
  }),
  ban: someOf({ after: wholeNumber(1, 1_000_000), for_ms: milliseconds }),
  amount_is: oneOf('gross', 'net'),
  account_record_address: oneOf('value', 'empty'),
  refused_addresses: listOf(text),
  rejected_addresses: listOf(text),
  cancelled_addresses: listOf(text),
  saved_addresses_only: oneOf(true, false),
  saved_addresses: listOf(savedAddress),
  scripts: scriptsLike(/^[0-9](_tx)?$/),
  ...DELAY_CHECKS,
  ...CHANGE_CHECKS,
  coins: checkCoins,
  balances: checkBalances,
});
