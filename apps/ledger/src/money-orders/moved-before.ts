import { Amount, type Asset } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import { isSamePersonName } from '@sluice/service-shell';
import type { MovedBefore } from './sums-by-one-person.js';

interface MovedRow extends Omit<MovedBefore, 'amount' | 'asset' | 'is_of_person'> {
  readonly asset: Asset;
  readonly amount: string;
  readonly ordered_by: string;
}

/** Age of an account by the database's clock. */
export interface AccountAge {
  readonly openedAt: Date;
  readonly isYoung: boolean;
}

/** Returns the age of an account; null for an unknown account. */
export async function ageOf(tx: Tx, accountId: string): Promise<AccountAge | null> {
  const [row] = await tx.query<{ opened_at: Date; is_young: boolean }>(AGE, [accountId]);
  return row ? { openedAt: row.opened_at, isYoung: row.is_young } : null;
}

/**
 * Returns the sums of the last day's orders by one person, read from the journal. The lock lasts
 * until the end of the transaction: orders at the same moment are counted one after the other.
 */
export async function movedBefore(
  tx: Tx,
  person: string,
  accountId: string,
): Promise<readonly MovedBefore[]> {
  await tx.query(LOCK);
  const rows = await tx.query<MovedRow>(MOVED, [accountId]);
  return rows.map(({ ordered_by: orderedBy, ...row }) => ({
    ...row,
    amount: Amount.of(row.amount, row.asset),
    is_of_person: isSamePersonName(orderedBy, person),
  }));
}

const AGE = `
  SELECT opened_at, opened_at > statement_timestamp() - interval '1 day' AS is_young FROM account WHERE id = $1`;

const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('money orders by one person', 0))`;

// The statement starts after the lock is taken, so it sees every order that was counted before.
const MOVED = `
  SELECT p.asset, sum(p.amount)::text AS amount, o.ordered_by, e.account_id = $1 AS is_of_account,
         o.ordered_at > statement_timestamp() - interval '1 hour' AS is_in_hour, min(o.ordered_at) AS oldest_at
    FROM money_order o
    JOIN journal_entry e ON e.id = o.entry_id
    JOIN posting p ON p.entry_id = o.entry_id AND p.amount > 0
   WHERE o.approved_by IS NULL AND o.ordered_at > statement_timestamp() - interval '1 day'
   GROUP BY 1, 3, 4, 5`;
