import type { ChainAudit } from '@sluice/connector-evm/audit';
import { WALLET } from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import type { Logger } from '@sluice/service-shell';
import type { CoveredVenue } from '../venues/venue-table.js';
import { compareFacts, type KindResult, type Sides } from './compare-facts.js';
import type { VerifyConfig } from './config.js';
import { inEmptyDatabase, LONGEST_MS, recompute } from './recompute.js';
import { loadChains, loadFacts, loadVenues } from './load-facts.js';

/** The running auditor has stored facts of this age. */
const SETTLED_MS = 120_000;

export interface Verification {
  readonly config: VerifyConfig;
  readonly since: Date;
  readonly venues: readonly CoveredVenue[];
  readonly chains: readonly ChainAudit[];
  readonly logger: Logger;
  readonly say: (line: string) => void;
}

/**
 * Recomputes facts and findings from topics, venues and chains, and compares. Throws if a source
 * cannot be read to its end.
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

/** Fills the empty database; returns the end of the comparison of the wallet's payments. */
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

const MOST_NAMED = 100;

export function printResults(results: readonly KindResult[], print: (line: string) => void): 0 | 1 {
  for (const { kind, recomputed, stored, differences } of results) {
    print(`${kind}: ${recomputed} recomputed, ${stored} stored, ${differences.length} different`);
    for (const difference of differences.slice(0, MOST_NAMED)) print(`  ${difference}`);
    if (differences.length > MOST_NAMED) print(`  and ${differences.length - MOST_NAMED} more`);
  }
  const isEqual = results.every(({ differences }) => differences.length === 0);
  print(isEqual ? 'the audit is proven' : 'the audit is NOT proven');
  return isEqual ? 0 : 1;
}
