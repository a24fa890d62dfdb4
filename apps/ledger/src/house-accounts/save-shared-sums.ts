import { customerOf, type JournalEntry } from '@sluice/ledger-core';
import type { Amount } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';

interface SharedSum {
  readonly account: string;
  readonly recordedAt: string;
  readonly effectiveAt: string;
  readonly amount: Amount;
}

/**
 * Inserts a row per shared account posted to by these entries, for any number of entries.
 * Transactions never wait for a common row.
 */
export function saveSharedSums(tx: Tx, entries: readonly JournalEntry[]): void {
  const sums = new Map<string, SharedSum>();
  for (const { postings, recordedAt, effectiveAt } of entries) {
    for (const { account, amount } of postings) {
      if (customerOf(account) !== undefined) continue;
      const key = `${account} ${amount.asset} ${effectiveAt}`;
      const sum = sums.get(key);
      sums.set(key, {
        account,
        recordedAt,
        effectiveAt,
        amount: sum ? sum.amount.plus(amount) : amount,
      });
    }
  }
  if (sums.size === 0) return;
  const rows = [...sums.values()];
  void tx.query(
    `INSERT INTO shared_sum (account, asset, amount, recorded_at, effective_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::numeric[], $4::timestamptz[], $5::timestamptz[])`,
    [
      rows.map((row) => row.account),
      rows.map((row) => row.amount.asset),
      rows.map((row) => row.amount.toString()),
      rows.map((row) => row.recordedAt),
      rows.map((row) => row.effectiveAt),
    ],
  );
}
