import type { ChainAudit } from '@sluice/connector-evm/audit';
import { WALLET } from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import type { Logger } from '@sluice/service-shell';
import type { CoveredVenue } from '../venues/covered-venues.js';
import { compareFacts, type KindResult, type Sides } from './compare-facts.js';
import { inEmptyDatabase, LONGEST_MS } from './empty-database.js';
import { loadChains } from './load-chains.js';
import { loadFacts } from './load-facts.js';
import { loadVenues } from './load-venues.js';
import { recompute } from './recompute.js';
import type { VerifyConfig } from './config.js';

/** The running auditor has stored facts of this age. */
const SETTLED_MS = 120_000;

export interface Verification {
  readonly config: VerifyConfig;
  readonly since: Date;
  /** Venues and chains of the verification; the caller closes them. */
  readonly venues: readonly CoveredVenue[];
  readonly chains: readonly ChainAudit[];
  readonly logger: Logger;
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
}

/**
 * Recomputes facts and findings from topics, venues and chains into an empty database, and compares
 * them with the auditor's. Throws if a topic, a venue or a chain cannot be read to its end.
 */
export function verifyAudit(verification: Verification): Promise<readonly KindResult[]> {
  const { config, since, say } = verification;
  const login = decodeURIComponent(new URL(config.databaseUrl.reveal()).username);
  return inEmptyDatabase(config.emptyDatabaseUrl.reveal(), login, async (database) => {
    const stored = await Database.open({
      url: config.databaseUrl.reveal(),
      name: 'audit verify',
      statementTimeoutMs: LONGEST_MS,
    });
    try {
      const until = new Date(stored.clock.now().getTime() - SETTLED_MS);
      const walletUntil = await recomputeAll(verification, { recomputed: database, stored }, until);
      const { from } = await beginOf(database, since);
      say(`compared: facts of ${from.toISOString()} to ${until.toISOString()}`);
      const begunMs = monotonicMs();
      const span = { from, until, walletUntil };
      const results = await compareFacts({ recomputed: database, stored }, span);
      say(`both sides were compared in ${secondsSince(begunMs)}`);
      return results;
    } finally {
      await stored.close();
    }
  });
}

/**
 * Fills the empty database with the facts of all sources and the findings that follow. Returns the end
 * of the comparison of the wallet's payments.
 */
export async function recomputeAll(
  verification: Verification,
  { recomputed: database, stored }: Sides,
  until: Date,
): Promise<Date> {
  const { config, venues, chains, logger, say } = verification;
  const readMs = monotonicMs();
  const [, , readTo] = await allOf(
    loadFacts({ config, database, logger, until, say }),
    loadVenues(verification, database),
    loadChains(verification, { recomputed: database, stored }),
  );
  say(`the sources were read in ${secondsSince(readMs)}`);
  const begunMs = monotonicMs();
  const wallet = chains.length > 0 ? [WALLET] : [];
  await recompute(database, [...venues.map(({ venue }) => venue), ...wallet]);
  say(`the findings were recomputed in ${secondsSince(begunMs)}`);
  return readTo !== null && readTo < until ? readTo : until;
}

/** Waits for all sources, also after a fault: the database is dropped afterwards. */
async function allOf<A, B, C>(...work: [Promise<A>, Promise<B>, Promise<C>]): Promise<[A, B, C]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** Facts older than the topics cannot be recomputed. */
async function beginOf(database: Database, since: Date): Promise<{ from: Date }> {
  const [row] = await database.query<{ from: Date }>(
    'SELECT greatest($1::timestamptz, oldest_fact_at) AS from FROM audit_progress',
    [since],
  );
  return row ?? { from: since };
}

function secondsSince(begunMs: number): string {
  return `${((monotonicMs() - begunMs) / 1_000).toFixed(1)} s`;
}
