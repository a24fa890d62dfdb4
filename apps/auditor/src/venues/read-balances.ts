import { type Database, rowsJson } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import type { CoveredVenue } from './covered-venues.js';
import { BALANCES_READ, KEEP_READING } from './balance-reading-sql.js';

type Queries = Pick<Database, 'query'>;

/** A reading of a venue's balances, before its record is read. */
interface BalanceReading {
  readonly begunAt: string;
  readonly rows: readonly {
    readonly venue: string;
    readonly currency: string;
    readonly total: string;
  }[];
}

/** Reads the balances; null if the venue has none or did not answer. */
export async function readBalances(
  { venue, record }: Pick<CoveredVenue, 'venue' | 'record'>,
  database: Queries,
  logger: Logger,
): Promise<BalanceReading | null> {
  // as text: the driver's Date has milliseconds only
  const [begin] = await database.query<{ at: string }>('SELECT clock_timestamp()::text AS at');
  const answer = await record.adapter.balances?.();
  if (answer === undefined || begin === undefined) return null;
  if (answer.kind === 'unavailable') {
    logger.warn({ venue, cause: answer.cause }, 'the balances at the venue could not be read');
    return null;
  }
  const rows = answer.balances.map(({ currency, total }) => ({
    venue,
    currency,
    total: total.toString(),
  }));
  return { begunAt: begin.at, rows };
}

/**
 * Stores a reading after the record was read to its end: each payment that the reading contains is
 * listed by now, or its order is open. `readAt`: end of the reading.
 */
export async function storeReading(
  venue: string,
  { begunAt, rows }: BalanceReading,
  readAt: Date,
  database: Queries,
): Promise<void> {
  await database.query(KEEP_READING, [rowsJson(rows), begunAt, readAt]);
  await database.query(BALANCES_READ, [venue, begunAt]);
}
