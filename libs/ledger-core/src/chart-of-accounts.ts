import type { AccountId } from './identifiers.js';

export type EntryKind = 'funding' | 'capture' | 'venue_fee';

/** An account as postings name it: `customer:<uuid>`, `clearing:gateio`, `fee-income`, … */
export type LedgerAccount = keyof typeof CHART | `${keyof typeof CHART}:${string}`;

interface ChartRow {
  /** What follows the colon; null where there is one account for all. */
  readonly per: 'account' | 'venue' | null;
  /** Entries that may post a positive amount to it. */
  readonly credit: readonly EntryKind[];
  /** Entries that may post a negative amount to it. */
  readonly debit: readonly EntryKind[];
}

/**
 * Who may be posted to, by what, on which side. Credits are positive: what we owe a customer, earn, or have paid out through a venue;
 * debits are negative: what came in from outside, and what venues cost us. Shared accounts have no balance row; their balance is their postings.
 */
export const CHART = {
  customer: { per: 'account', credit: ['funding'], debit: ['capture'] },
  clearing: { per: 'venue', credit: ['capture', 'venue_fee'], debit: [] },
  'fee-income': { per: null, credit: ['capture'], debit: [] },
  'venue-fee': { per: 'venue', credit: [], debit: ['venue_fee'] },
  funding: { per: null, credit: [], debit: ['funding'] },
  suspense: { per: null, credit: [], debit: [] },
} as const satisfies Record<string, ChartRow>;

const ROWS: ReadonlyMap<string, ChartRow> = new Map(Object.entries(CHART));

/** Says why an entry of this kind may not post to this side of this account, or null. */
export function chartFault(kind: EntryKind, account: string, side: 'credit' | 'debit'): string | null {
  const colon = account.indexOf(':');
  const row = ROWS.get(colon < 0 ? account : account.slice(0, colon));
  if (!row) return `${account} is not in the chart of accounts`;
  if ((row.per === null) !== colon < 0 || colon === account.length - 1) return `${account} must name ${row.per ?? 'nothing after the account'}`;
  return row[side].includes(kind) ? null : `${kind} may not ${side} ${account}`;
}

const CUSTOMER = 'customer:';

export function customerAccount(id: AccountId): LedgerAccount {
  return `${CUSTOMER}${id}`;
}

/** The customer whose account a posting names; undefined for the shared accounts. */
export function customerOf(account: LedgerAccount): AccountId | undefined {
  return account.startsWith(CUSTOMER) ? account.slice(CUSTOMER.length) : undefined;
}
