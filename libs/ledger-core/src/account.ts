import { type Amount, type Asset, networkOf } from '@sluice/kernel';

/** UUID of a customer's account. */
export type AccountId = string;

export type WithdrawalId = string;

/** RFC 3339 time in UTC, read from the clock for the batch. */
export type Instant = string;

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly openedAt: Instant;
  /** True during any freeze: no new promises, while earlier ones end normally. */
  readonly frozen: boolean;
}

/** One reason for freezing, by an id of the requester. A lifted freeze never takes effect again. */
export interface Freeze {
  readonly accountId: AccountId;
  readonly freezeId: string;
  readonly reason: string;
  readonly frozenAt: Instant;
  readonly liftedAt: Instant | null;
}

/** Only journal entries change `posted`, and only holds `held`; 0 <= held <= posted. */
export interface Balance {
  readonly accountId: AccountId;
  readonly posted: Amount;
  readonly held: Amount;
}

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
 * Chart of accounts: entry kinds that may credit or debit each account. Credits (positive) are
 * owed, earned or paid out by a venue; debits are received from outside, or costs. Shared accounts
 * have no balance row.
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
  'venue-fee': { per: 'venue', credit: ['reversal'], debit: ['capture', 'venue_fee'] },
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

/** Reason why an entry of this kind may not post to this side of the account, or null. */
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

const WALLET = 'wallet';

/** Account for the costs of our own wallet, borne by the firm and not by a customer. */
export const HOUSE_ACCOUNT: AccountId = '00000000-0000-0000-0000-000000000000';

/** Purpose of a wallet of ours: `hot` pays withdrawals, `tank` pays gas for the hot wallets. */
export type WalletPurpose = 'hot' | 'tank';

const WALLET_ACCOUNTS = { hot: 'hot-wallet', tank: 'gas-tank' } as const;

export function walletAccount(purpose: WalletPurpose, network: string): LedgerAccount {
  return `${WALLET_ACCOUNTS[purpose]}:${network}`;
}

/** Purpose of the wallet behind an account from `walletAccount`. Throws for any other account. */
export function walletOf(account: string): WalletPurpose {
  if (account.startsWith('hot-wallet:')) return 'hot';
  if (account.startsWith('gas-tank:')) return 'tank';
  throw new Error(`${account} is no wallet`);
}

/** Clearing account of a venue; our own wallet has one per chain. */
export function clearingAccount(venue: string, asset: Asset): LedgerAccount {
  return venue === WALLET ? walletAccount('hot', networkOf(asset)) : `clearing:${venue}`;
}

/** Returns true for the account of a venue; our own wallet has other accounts. */
export function isClearing(account: LedgerAccount): boolean {
  return account.startsWith('clearing:');
}

export function venueFeeAccount(venue: string): LedgerAccount {
  return `venue-fee:${venue}`;
}

/** Returns the customer account id in a posting's account name; undefined for shared accounts. */
export function customerOf(account: string): AccountId | undefined {
  return account.startsWith(CUSTOMER) ? account.slice(CUSTOMER.length) : undefined;
}
