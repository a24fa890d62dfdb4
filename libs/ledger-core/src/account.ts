import { type Amount, type Asset, networkOf } from '@sluice/kernel';

/** UUID of a customer's account. */
export type AccountId = string;

/** UUID of a withdrawal, the business key for all changes of the hold. */
export type WithdrawalId = string;

/** RFC 3339 time in UTC, read from the clock for the batch. */
export type Instant = string;

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly openedAt: Instant;
  /**
   * True while any freeze is in force: the account makes no new promises. Earlier promises still
   * end normally.
   */
  readonly frozen: boolean;
}

/**
 * A single reason for freezing an account, identified by an id of the requester. A lifted freeze
 * never takes effect again.
 */
export interface Freeze {
  readonly accountId: AccountId;
  readonly freezeId: string;
  readonly reason: string;
  readonly frozenAt: Instant;
  readonly liftedAt: Instant | null;
}

/**
 * Balance of an account in an asset. Only journal entries change `posted`, and only holds change
 * `held`; 0 <= held <= posted.
 */
export interface Balance {
  readonly accountId: AccountId;
  readonly posted: Amount;
  readonly held: Amount;
}

/** Returns the amount available for new holds: posted minus held. */
export function availableOf(balance: Balance): Amount {
  return balance.posted.minus(balance.held);
}

/** Returns true if a credit would make the balance larger than any message can carry. */
export function outgrows(balance: Balance, credit: Amount): boolean {
  return balance.posted.plus(credit).isTooLarge();
}

export type EntryKind =
  | 'funding'
  | 'capture'
  | 'venue_fee'
  | 'return'
  | 'transfer'
  | 'gas'
  | 'gas_topup'
  | 'wallet_funding'
  | 'reversal';

/** Account name in postings: `customer:<uuid>`, `clearing:<venue>`, `fee-income`, … */
export type LedgerAccount = keyof typeof CHART | `${keyof typeof CHART}:${string}`;

interface ChartRow {
  /** Kind of the suffix after the colon; null for a single shared account. */
  readonly per: 'account' | 'venue' | 'chain' | null;
  /** Kinds of entries allowed to post a positive amount to the account. */
  readonly credit: readonly EntryKind[];
  /** Kinds of entries allowed to post a negative amount to the account. */
  readonly debit: readonly EntryKind[];
}

/**
 * Chart of accounts: the entry kinds that may credit or debit each account. Credits are positive:
 * money we owe a customer, earn, or have paid out through a venue. Debits are negative: money
 * received from outside, and costs of venues and gas. Shared accounts have no balance row; their
 * balance is the sum of their postings.
 */
export const CHART = {
  customer: {
    per: 'account',
    credit: ['funding', 'return', 'transfer', 'reversal'],
    debit: ['capture', 'transfer', 'reversal'],
  },
  clearing: {
    per: 'venue',
    credit: ['capture', 'venue_fee', 'transfer', 'reversal'],
    debit: ['return', 'transfer', 'reversal'],
  },
  'hot-wallet': {
    per: 'chain',
    credit: ['capture', 'venue_fee', 'gas', 'transfer', 'reversal'],
    debit: ['gas_topup', 'wallet_funding', 'transfer', 'reversal'],
  },
  'gas-tank': {
    per: 'chain',
    credit: ['gas', 'gas_topup', 'transfer', 'reversal'],
    debit: ['wallet_funding', 'transfer', 'reversal'],
  },
  gas: { per: 'chain', credit: ['transfer', 'reversal'], debit: ['gas', 'transfer', 'reversal'] },
  'fee-income': {
    per: null,
    credit: ['capture', 'transfer', 'reversal'],
    debit: ['transfer', 'reversal'],
  },
  'venue-fee': { per: 'venue', credit: ['reversal'], debit: ['venue_fee'] },
  funding: {
    per: null,
    credit: ['wallet_funding', 'reversal'],
    debit: ['funding', 'reversal'],
  },
  suspense: { per: null, credit: ['transfer', 'reversal'], debit: ['transfer', 'reversal'] },
} as const satisfies Record<string, ChartRow>;

/** Patterns for the suffix after the colon. */
const NAMES = {
  account: /^[0-9a-z-]+$/,
  venue: /^[a-z][a-z0-9-]*$/,
  chain: /^[A-Z0-9_-]+$/,
} as const;

const ROWS: ReadonlyMap<string, ChartRow> = new Map(Object.entries(CHART));

/**
 * Returns the name as an account of the chart; undefined if the chart has no account of this name.
 */
export function chartAccount(account: string): LedgerAccount | undefined {
  return isInChart(account) ? account : undefined;
}

function isInChart(account: string): account is LedgerAccount {
  return nameFault(account, rowOf(account)) === null;
}

function rowOf(account: string): ChartRow | undefined {
  const colon = account.indexOf(':');
  return ROWS.get(colon < 0 ? account : account.slice(0, colon));
}

function nameFault(account: string, row: ChartRow | undefined): string | null {
  if (!row) return `${account} is not in the chart of accounts`;
  const colon = account.indexOf(':');
  const wrong =
    (row.per === null) !== colon < 0 ||
    (row.per !== null && !NAMES[row.per].test(account.slice(colon + 1)));
  return wrong ? `${account} must name ${row.per ?? 'nothing after the account'}` : null;
}

/**
 * Returns the reason an entry of this kind may not post to this side of the account; null if the
 * posting is allowed.
 */
export function chartFault(
  kind: EntryKind,
  account: string,
  side: 'credit' | 'debit',
): string | null {
  const row = rowOf(account);
  const fault = nameFault(account, row);
  if (fault !== null || !row) return fault;
  return row[side].includes(kind) ? null : `${kind} may not ${side} ${account}`;
}

const CUSTOMER = 'customer:';

export function customerAccount(id: AccountId): LedgerAccount {
  return `${CUSTOMER}${id}`;
}

/** Venue name of our own wallet. */
const WALLET = 'wallet';

/** Account for the costs of our own wallet, borne by the firm and not by a customer. */
export const HOUSE_ACCOUNT: AccountId = '00000000-0000-0000-0000-000000000000';

/** Purpose of a wallet of ours: `hot` pays withdrawals, `tank` pays gas for the hot wallets. */
export type WalletPurpose = 'hot' | 'tank';

const WALLET_ACCOUNTS = { hot: 'hot-wallet', tank: 'gas-tank' } as const;

export function walletAccount(purpose: WalletPurpose, network: string): LedgerAccount {
  return `${WALLET_ACCOUNTS[purpose]}:${network}`;
}

/**
 * Returns the purpose of the wallet behind an account from `walletAccount`. Throws for any other
 * account.
 */
export function walletOf(account: string): WalletPurpose {
  if (account.startsWith('hot-wallet:')) return 'hot';
  if (account.startsWith('gas-tank:')) return 'tank';
  throw new Error(`${account} is no wallet`);
}

/**
 * Returns the clearing account for payments through a venue. Our own wallet has an account per
 * chain, any other venue has one account.
 */
export function clearingAccount(venue: string, asset: Asset): LedgerAccount {
  return venue === WALLET ? walletAccount('hot', networkOf(asset)) : `clearing:${venue}`;
}

/** Returns true for the account of a venue; our own wallet has other accounts. */
export function isClearing(account: LedgerAccount): boolean {
  return account.startsWith('clearing:');
}

/** Returns the customer account id in a posting's account name; undefined for shared accounts. */
export function customerOf(account: string): AccountId | undefined {
  return account.startsWith(CUSTOMER) ? account.slice(CUSTOMER.length) : undefined;
}
