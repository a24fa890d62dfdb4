import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/clock';
import type { Database } from './database.js';
import type { Query } from './rights.js';

/** SQL for the retention cutoff, in a rule: a row must have ended before this moment to be removed. */
export const RETENTION_CUTOFF = '$1::timestamptz';
/** SQL for the lowest UUIDv7 of the cutoff: a smaller id was made before it. */
export const RETENTION_CUTOFF_ID = `partition_bound('uuid', ${RETENTION_CUTOFF} AT TIME ZONE 'UTC')::uuid`;

/**
 * Which rows of one table are removed, and when. A sweep scans along the primary key from its oldest end, a bounded number of rows with each
 * statement, and removes those that have ended for good; so no statement grows with the table, and none needs an index of its own.
 */
export interface RetentionRule {
  readonly table: string;
  /** The primary key: one column; in a table that grows with withdrawals, one that grows with time. */
  readonly key: string;
  readonly keyType: 'uuid' | 'bigint' | 'text';
  /** SQL for the key at which the scan ends, since no later row is old enough. Left out where the key does not contain the time. */
  readonly keyBelow?: string;
  /** SQL about the row `t`: the condition of a partial index, for the scan to use that index. */
  readonly scanWhere?: string;
  /**
   * SQL about the row `t`: it has ended for good, long ago, and nobody can ask for it any more. One of the times that it compares has to be
   * of a column that the service's login cannot change: then no thief of that login can say that a row of yesterday is old.
   */
  readonly ended: string;
  /** Where the key grows with time but does not contain it: rows end in the order of their keys, so the first group without one to remove ends the scan. */
  readonly endsInKeyOrder?: boolean;
  /** Rows removed with it: the column that refers to it, by table; beside those tables whose foreign key is in the catalogue. */
  readonly dependents?: Readonly<Record<string, string>>;
  /** SQL run for the rows `over` instead of the DELETE: an INSERT that ends with RETURNING. */
  readonly insteadOfDelete?: string;
}

/** The rules of every service: dead letters that were replayed. Those that nobody has dealt with stay. */
export const PLATFORM_RETENTION: readonly RetentionRule[] = [
  {
    table: 'dead_letter',
    key: 'id',
    keyType: 'bigint',
    ended: `t.replayed_at < ${RETENTION_CUTOFF} AND t.dead_lettered_at < ${RETENTION_CUTOFF}`,
  },
];

export interface SweepOptions {
  /** How long after its end a row is kept. */
  readonly days: number;
  readonly signal?: AbortSignal;
  /** The most rows that one statement scans. */
  readonly batchSize?: number;
  /** After so long the sweep leaves the rest to the next one. */
  readonly limitMs?: number;
}

/** How many rows were removed, by table, without dependents; null when another instance sweeps now, or the cutoff was set only just now. */
export type Swept = Readonly<Record<string, number>> | null;

interface StoredRule {
  readonly position: number;
  readonly name: string;
  readonly removes: boolean;
  readonly ends_in_key_order: boolean;
}

interface ScanStep {
  readonly scanned: number;
  readonly removed: number;
  readonly last: string | null;
}

const SWEEP_LOCK = 7_315_004;
const BATCH_SIZE = 1_000;
const LIMIT_MS = 120_000;

/**
 * Removes what the stored rules name, by the database's clock and in one instance at a time. The cutoff is stored first and applied
 * only by the next call, minutes later: so `isBeforeRetentionCutoff` is true for an id before the first row of its time is removed.
 * What is old enough is decided by the owner's functions (`sweep_step`): this login may delete none of these rows by itself.
 */
export async function sweep(
  database: Pick<Database, 'withClient'>,
  options: SweepOptions,
): Promise<Swept> {
  return database.withClient(async (client) => {
    const query: Query = async <R>(sql: string, params: readonly unknown[] = []) =>
      (await client.query(sql, [...params])).rows as R[];
    const [lock] = await query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      SWEEP_LOCK,
    ]);
    if (!lock?.taken) return null;
    try {
      const [retention] = await query<{ effective: boolean }>(
        'SELECT is_effective AS effective FROM retention_effective',
      );
      if (retention && !retention.effective) return null;
      const swept = retention ? await sweepAll(query, options) : {};
      await query('SELECT set_retention_cutoff($1)', [options.days]);
      return swept;
    } finally {
      await query('SELECT pg_advisory_unlock($1)', [SWEEP_LOCK]).catch(() => undefined);
    }
  });
}

/** SQL that is true for a UUIDv7 from before the cutoff: its row may have been removed, so an absent row does not prove that the id is new. */
export function isBeforeRetentionCutoff(idSql: string): string {
  return `coalesce(uuid_extract_version(${idSql}) = 7 AND ${idSql} < (SELECT partition_bound('uuid', cutoff AT TIME ZONE 'UTC')::uuid FROM retention), false)`;
}

async function sweepAll(query: Query, options: SweepOptions): Promise<Record<string, number>> {
  const until = monotonicMs() + (options.limitMs ?? LIMIT_MS);
  const swept: Record<string, number> = {};
  const rules = await query<StoredRule>(
    'SELECT position, name, removes, ends_in_key_order FROM retention_rule ORDER BY position',
  );
  for (const rule of rules) {
    const removed = await scan(query, rule, until, options);
    if (rule.removes) swept[rule.name] = (swept[rule.name] ?? 0) + removed;
  }
  return swept;
}

/** Pauses between two statements as long as the last one took, so that a sweep takes at most half of the database's time. */
async function scan(
  query: Query,
  rule: StoredRule,
  until: number,
  { batchSize = BATCH_SIZE, signal }: SweepOptions,
): Promise<number> {
  let total = 0;
  for (let after: string | null = null; ;) {
    const began = monotonicMs();
    const [step]: ScanStep[] = await query<ScanStep>('SELECT * FROM sweep_step($1, $2, $3)', [
      rule.position,
      after,
      batchSize,
    ]);
    total += step?.removed ?? 0;
    after = step?.last ?? null;
    const done =
      after === null ||
      (step?.scanned ?? 0) < batchSize ||
      (rule.ends_in_key_order && step?.removed === 0);
    if (done || monotonicMs() > until || signal?.aborted) return total;
    await sleep(monotonicMs() - began);
  }
}

/** Puts these rules in the place of those there are; `sweep_step` runs no other statement. */
export async function storeRetentionRules(
  query: Query,
  rules: readonly RetentionRule[],
): Promise<void> {
  await query('DELETE FROM retention_rule');
  for (const [position, rule] of rules.entries()) {
    const dependents = { ...(await referencing(query, rule.table)), ...rule.dependents };
    await query(
      'INSERT INTO retention_rule (position, name, removes, ends_in_key_order, statement) VALUES ($1, $2, $3, $4, $5)',
      [
        position,
        rule.table,
        rule.insteadOfDelete === undefined,
        rule.endsInKeyOrder === true,
        statementOf({ ...rule, dependents }),
      ],
    );
  }
}

/** A row that is locked is left for the next sweep (SKIP LOCKED), so that a sweep waits for nobody. */
function statementOf({
  table,
  key,
  keyType,
  keyBelow,
  scanWhere,
  ended,
  insteadOfDelete,
  dependents = {},
}: RetentionRule): string {
  const removals = Object.entries(dependents).map(
    ([other, column], n) =>
      `removed_${n} AS (DELETE FROM ${other} o USING over WHERE o.${column} = over.${key})`,
  );
  const remove =
    insteadOfDelete ?? `DELETE FROM ${table} d USING over WHERE d.${key} = over.${key} RETURNING 1`;
  return `
    WITH scanned AS MATERIALIZED (
           SELECT t.${key} FROM ${table} t
            WHERE ($2::text IS NULL OR t.${key} > $2::text::${keyType})${keyBelow ? ` AND t.${key} < ${keyBelow}` : ''}${scanWhere ? ` AND ${scanWhere}` : ''}
            ORDER BY t.${key} LIMIT $3),
         over AS MATERIALIZED (
           SELECT t.${key} FROM ${table} t WHERE t.${key} IN (SELECT ${key} FROM scanned) AND (${ended}) FOR UPDATE SKIP LOCKED),
         ${[...(insteadOfDelete ? [] : removals), `removed AS (${remove})`].join(',\n         ')}
    SELECT (SELECT count(*) FROM scanned)::int AS scanned, (SELECT count(*) FROM removed)::int AS removed,
           (SELECT ${key}::text FROM scanned ORDER BY scanned.${key} DESC LIMIT 1) AS last`;
}

/** The column of each table that has a foreign key to this one, from the catalogue: a table added later is covered as well. */
async function referencing(query: Query, table: string): Promise<Record<string, string>> {
  const rows = await query<{ name: string; column: string }>(
    `SELECT c.conrelid::regclass::text AS name, a.attname::text AS "column"
       FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      WHERE c.contype = 'f' AND c.confrelid = $1::regclass AND cardinality(c.conkey) = 1`,
    [table],
  );
  return Object.fromEntries(rows.map(({ name, column }) => [name, column]));
}
