import { rowsJson, type Database } from '@sluice/postgres';
import { READ_THROUGH } from './payment-sql.js';

/** A reading of balances: its begin as text of the database, and the moment after the answer. */
export interface BalanceReading {
  readonly begunAt: string;
  readonly readAt: Date;
  readonly rows: readonly { readonly currency: string; readonly total: string }[];
}

/** A record that was read to its end. */
interface CompleteReading {
  readonly venue: string;
  /** End of the reading by the venue's clock. */
  readonly through: Date;
  readonly begunAt: Date;
  readonly isDeep: boolean;
  /** Begin of the record's first window. */
  readonly from: Date;
  /** Null if the venue has no balances, or did not answer. */
  readonly balances: BalanceReading | null;
}

/**
 * Stores a complete reading in one statement. The balances belong to a record that was read later:
 * each payment that the balances contain is listed by now, or its order is open.
 */
export async function storeReading(
  database: Pick<Database, 'query'>,
  { venue, through, begunAt, isDeep, from, balances }: CompleteReading,
): Promise<void> {
  await database.query(READ_THROUGH, [
    venue,
    through,
    begunAt,
    isDeep,
    from,
    balances?.begunAt ?? null,
    balances?.readAt ?? null,
    rowsJson(balances?.rows ?? []),
  ]);
}
