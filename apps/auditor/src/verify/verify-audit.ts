import { Database } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import type { Logger } from '@sluice/service-shell';
import { inSnapshot } from '../checks/in-snapshot.js';
import { runChecks } from '../checks/run-checks.js';
import { coveredVenues, type CoveredVenue } from '../venues/covered-venues.js';
import { READ_THROUGH } from '../venues/payment-sql.js';
import { readRecord } from '../venues/read-record.js';
import { windowsBetween } from '../venues/reading-windows.js';
import { compareFacts, type KindResult } from './compare-facts.js';
import { inEmptyDatabase, LONGEST_MS } from './empty-database.js';
import { loadFacts } from './load-facts.js';
import type { VerifyConfig } from './config.js';

/** The running auditor has stored facts of this age. */
const SETTLED_MS = 120_000;
/** The recomputing database has no past: every fact counts as old. */
const OLD_MS = 3_600_000;

interface Verification {
  readonly config: VerifyConfig;
  readonly since: Date;
  readonly logger: Logger;
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
}

/**
 * Recomputes facts and findings from topics and venues into an empty database, and compares them
 * with the auditor's. Throws if a topic or a venue cannot be read to its end.
 */
export function verifyAudit(verification: Verification): Promise<readonly KindResult[]> {
  const { config, since, logger, say } = verification;
  const login = decodeURIComponent(new URL(config.databaseUrl.reveal()).username);
  return inEmptyDatabase(config.emptyDatabaseUrl.reveal(), login, async (database) => {
    const stored = await Database.open({
      url: config.databaseUrl.reveal(),
      name: 'audit verify',
      statementTimeoutMs: LONGEST_MS,
    });
    try {
      const until = new Date(stored.clock.now().getTime() - SETTLED_MS);
      const begunMs = monotonicMs();
      await loadFacts({ config, database, logger, until, say });
      const venues = await loadVenues(verification, database);
      await recompute(database, venues);
      const { from } = await beginOf(database, since);
      say(`compared: facts of ${from.toISOString()} to ${until.toISOString()}`);
      const results = await compareFacts({ recomputed: database, stored }, from, until);
      say(`the verification took ${((monotonicMs() - begunMs) / 1_000).toFixed(1)} s`);
      return results;
    } finally {
      await stored.close();
    }
  });
}

/** Facts older than the topics cannot be recomputed. */
async function beginOf(database: Database, since: Date): Promise<{ from: Date }> {
  const [row] = await database.query<{ from: Date }>(
    'SELECT greatest($1::timestamptz, oldest_fact_at) AS from FROM audit_progress',
    [since],
  );
  return row ?? { from: since };
}

async function loadVenues(
  { config, since, logger, say }: Verification,
  database: Database,
): Promise<readonly string[]> {
  const venues = coveredVenues(config, logger);
  try {
    for (const venue of venues) await loadVenue(venue, since, database, say);
    return venues.map(({ venue }) => venue);
  } finally {
    await Promise.all(venues.map((venue) => venue.close()));
  }
}

async function loadVenue(
  venue: CoveredVenue,
  since: Date,
  database: Database,
  say: (line: string) => void,
): Promise<void> {
  if (!(await venue.record.readClock()))
    throw new Error(`the clock of ${venue.venue} was not read`);
  const now = venue.clock.latest();
  if (now === null) throw new Error(`the time of ${venue.venue} is not known`);
  const seenAt = new Date(database.clock.now().getTime() + OLD_MS);
  const fault = await readRecord(venue, windowsBetween(since, now), seenAt, database);
  if (fault !== null) throw new Error(`the record of ${venue.venue} was not read: ${fault}`);
  await database.query(READ_THROUGH, [venue.venue, now, seenAt, true, since]);
  await database.query(`UPDATE venue_reading SET balances_read_at = $2 WHERE venue = $1`, [
    venue.venue,
    seenAt,
  ]);
  const [row] = await database.query<{ payments: number }>(
    'SELECT count(*)::int AS payments FROM venue_payment WHERE venue = $1',
    [venue.venue],
  );
  say(`${venue.venue}: ${row?.payments ?? 0} payments read`);
}

/** Compares until no group waits: every fact is known and old. */
async function recompute(database: Database, venues: readonly string[]): Promise<void> {
  const startedAt = database.clock.now();
  await database.query('UPDATE audit_progress SET followed_through = $1', [
    new Date(startedAt.getTime() + 2 * OLD_MS),
  ]);
  await database.query('ANALYZE');
  for (;;) {
    const { isMore } = await inSnapshot(database, (query) => runChecks(query, venues, startedAt));
    if (!isMore) return;
  }
}
