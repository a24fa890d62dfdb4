import type { Database } from '@sluice/postgres';
import type { CoveredVenue } from '../venues/covered-venues.js';
import { readRecord } from '../venues/read-record.js';
import { windowsBetween } from '../venues/reading-windows.js';
import { storeReading } from '../venues/store-reading.js';
import { OLD_MS } from './recompute.js';

interface RecordLoading {
  readonly venues: readonly CoveredVenue[];
  readonly since: Date;
  readonly say: (line: string) => void;
}

/** Reads the venues' records since a time, at once: each venue limits the pace of its pages. */
export async function loadVenues(
  { venues, since, say }: RecordLoading,
  database: Database,
): Promise<void> {
  const loads = venues.map(async (venue) => {
    await loadVenue(venue, since, database);
    say(`${venue.venue}: ${await paymentsOf(venue.venue, database)} payments read`);
  });
  await Promise.allSettled(loads);
  await Promise.all(loads);
}

async function loadVenue(venue: CoveredVenue, since: Date, database: Database): Promise<void> {
  if (!(await venue.record.readClock()))
    throw new Error(`the clock of ${venue.venue} was not read`);
  const now = venue.clock.latest();
  if (now === null) throw new Error(`the time of ${venue.venue} is not known`);
  const seenAt = new Date(database.clock.now().getTime() + OLD_MS);
  const { fault } = await readRecord(venue, windowsBetween(since, now), seenAt, database);
  if (fault !== null) throw new Error(`the record of ${venue.venue} was not read: ${fault}`);
  await storeReading(database, {
    venue: venue.venue,
    through: now,
    begunAt: seenAt,
    isDeep: true,
    from: since,
    balances: { begunAt: seenAt.toISOString(), readAt: seenAt, rows: [] },
  });
}

async function paymentsOf(venue: string, database: Database): Promise<number> {
  const [row] = await database.query<{ payments: number }>(
    'SELECT count(*)::int AS payments FROM venue_payment WHERE venue = $1',
    [venue],
  );
  return row?.payments ?? 0;
}
