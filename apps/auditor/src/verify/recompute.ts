import { Database, migrate } from '@sluice/postgres';
import { inSnapshot, runChecks } from '../checks/run-checks.js';
import { ORDERS } from '../writes/audited-rows.js';
import { AUDITOR_SCHEMA } from '../postgres/schema.js';

/** The recomputing database has no past: every fact counts as old. */
export const OLD_MS = 3_600_000;
/** Groups of one comparison. Nothing waits for the end of the comparison, unlike in the auditor. */
const MOST_GROUPS = 50_000;

/** The auditor waits for the statement behind a release, and for the amount of a payment. */
const AGE_WAITING = [
  `UPDATE audited_withdrawal SET ended_seen_at = ended_seen_at - $1 * interval '1 millisecond' WHERE state = 'released'`,
  `UPDATE venue_payment SET first_seen_at = first_seen_at - $1 * interval '1 millisecond' WHERE equality_key IS NULL`,
];
/** Every group with an order, in the order of the payments: few groups are compared twice. */
const ALL_GROUPS = [
  'TRUNCATE changed_groups',
  `INSERT INTO changed_groups (venue, equality_keys)
   SELECT o.venue, ARRAY[o.equality_key] FROM ${ORDERS} o LEFT JOIN venue_payment p USING (venue, equality_key) WHERE o.venue IS NOT NULL
    GROUP BY o.venue, o.equality_key ORDER BY min(p.id)`,
];
const HAS_UNJUDGED = `SELECT FROM audited_withdrawal WHERE state = 'released' AND release_judged_at IS NULL LIMIT 1`;

/** Compares until no group and no release waits: every fact is known and old. */
export async function recompute(database: Database, venues: readonly string[]): Promise<void> {
  const startedAt = database.clock.now();
  await database.query('UPDATE audit_progress SET followed_through = $1', [
    new Date(startedAt.getTime() + 2 * OLD_MS),
  ]);
  for (const statement of AGE_WAITING) await database.query(statement, [OLD_MS]);
  await database.query('ANALYZE');
  for (const statement of ALL_GROUPS) await database.query(statement);
  for (;;) {
    const { isMore } = await inSnapshot(database, (query) =>
      runChecks(query, venues, startedAt, MOST_GROUPS),
    );
    if (!isMore && (await database.query(HAS_UNJUDGED)).length === 0) return;
  }
}

const SERVER = 'postgres';
/** A comparison of all facts at once takes longer than a statement of a service may. */
export const LONGEST_MS = 3_600_000;

/**
 * Runs work in a new database, dropped afterwards. Throws if it exists: its rows would be part of
 * the proof.
 */
export async function inEmptyDatabase<T>(
  url: string,
  login: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  if (!/^[a-z0-9_]{1,60}$/.test(name))
    throw new Error(
      'AUDIT_VERIFY_DATABASE_URL names a database of lower-case letters, digits and _',
    );
  const nameSql = `"${name}"`;
  const server = new URL(url);
  server.pathname = `/${SERVER}`;
  const administered = await Database.open({ url: server.href, name: 'audit verify' });
  try {
    await administered.query(`CREATE DATABASE ${nameSql}`);
    try {
      await administered.query(`ALTER DATABASE ${nameSql} SET synchronous_commit = off`);
      await migrate({ url, login, schema: AUDITOR_SCHEMA });
      const database = await Database.open({
        url,
        name: 'audit verify',
        statementTimeoutMs: LONGEST_MS,
      });
      try {
        return await work(database);
      } finally {
        await database.close();
      }
    } finally {
      await administered.query(`DROP DATABASE ${nameSql} WITH (FORCE)`);
    }
  } finally {
    await administered.close();
  }
}
