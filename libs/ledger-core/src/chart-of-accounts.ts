import { networkOf, type Asset } from '@sluice/money';
import type { AccountId } from './identifiers.js';

export type EntryKind =
  | 'funding'
  | 'capture'
  | 'venue_fee'
  | 'transfer'
  | 'gas'
  | 'gas_topup'
  | 'wallet_funding'
  | 'reversal';

/** An account as postings name it: `customer:<uuid>`, `clearing:gateio`, `fee-income`, … */
export type LedgerAccount = keyof typeof CHART | `${keyof typeof CHART}:${string}`;

interface ChartRow {
  /** What follows the colon; null where there is one account for all. */
  readonly per: 'account' | 'venue' | 'chain' | null;
  /** Entries that may post a positive amount to it. */
  readonly credit: readonly EntryKind[];
  /** Entries that may post a negative amount to it. */
  readonly debit: readonly EntryKind[];
}

/**
 * Who may be posted to, by what, on which side. Credits are positive: what we owe a customer, earn, or have paid out through a venue;
 * debits are negative: what came in from outside, and what venues and gas cost us. Shared accounts have no balance row; their balance is their postings.
 */
export const CHART = {
  customer: {
    per: 'account',
    credit: ['funding', 'transfer', 'reversal'],
    debit: ['capture', 'transfer', 'reversal'],
  },
  clearing: {
    per: 'venue',
    credit: ['capture', 'venue_fee', 'transfer', 'reversal'],
    debit: ['transfer', 'reversal'],
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

/** What may follow the colon. */
const NAMES = {
  account: /^[0-9a-z-]+$/,
  venue: /^[a-z][a-z0-9-]*$/,
  chain: /^[A-Z0-9_-]+$/,
} as const;

const ROWS: ReadonlyMap<string, ChartRow> = new Map(Object.entries(CHART));

/** The name as an account of the chart, or undefined where there is none such. */
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

/** Says why an entry of this kind may not post to this side of this account, or null. */
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

/** The venue that is our own wallet. */
const WALLET = 'wallet';

/** Whose business it is what our own wallet costs: the firm's and no customer's. */
export const HOUSE_ACCOUNT: AccountId = '00000000-0000-0000-0000-000000000000';

/** What a wallet of ours pays: withdrawals, or gas for the wallets that pay those. */
export type WalletPurpose = 'hot' | 'tank';

const WALLET_ACCOUNTS = { hot: 'hot-wallet', tank: 'gas-tank' } as const;

export function walletAccount(purpose: WalletPurpose, network: string): LedgerAccount {
  return `${WALLET_ACCOUNTS[purpose]}:${network}`;
}

/** The wallet that an account of `walletAccount` is of. Throws for any other account. */
export function walletOf(account: string): WalletPurpose {
  if (account.startsWith('hot-wallet:')) return 'hot';
  if (account.startsWith('gas-tank:')) return 'tank';
  throw new Error(`${account} is no wallet`);
}

/** Where a payment through a venue is booked: our own wallet has an account for each chain, any other venue has one. */
export function clearingAccount(venue: string, asset: Asset): LedgerAccount {
  return venue === WALLET ? walletAccount('hot', networkOf(asset)) : `clearing:${venue}`;
}

/** The customer whose account a posting names; undefined for the shared accounts. */
export function customerOf(account: string): AccountId | undefined {
  return account.startsWith(CUSTOMER) ? account.slice(CUSTOMER.length) : undefined;
}
