import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/runtime';
import type { Database } from '../database/database.js';
import type { Query } from '../schema/rights.js';

interface SweepOptions {
  /** Days between the end of a row and the removal. */
  readonly days: number;
  readonly signal?: AbortSignal;
  /** Maximum number of rows scanned per statement (default 1,000). */
  readonly batchSize?: number;
  /** Time limit in milliseconds (default 120,000). The next sweep handles the remaining rows. */
  readonly limitMs?: number;
}

/**
 * Removed rows by table, without dependents; null if another instance sweeps, or before the cutoff
 * is effective.
 */
type Swept = Readonly<Record<string, number>> | null;

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
 * Removes rows by rules and database clock, in one instance at a time. The cutoff is stored first
 * and applied minutes later, so `isBeforeRetentionCutoff` is true before the first row of the time
 * leaves. `sweep_step` checks the age: the login cannot delete directly.
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

/** Scans a table, pausing as long as each statement: at most half of the database's time. */
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

/**
 * Deletes claims older than two weeks in the default partition, a limited number per call, which it
 * returns; repeat while above zero. Other claims leave with their partition.
 */
export async function purgeInbox(database: Pick<Database, 'query'>): Promise<number> {
  const [row] = await database.query<{ purged: number }>('SELECT purge_inbox() AS purged');
  return row?.purged ?? 0;
}

interface PartitionMaintenance {
  readonly made: readonly string[];
  readonly dropped: readonly string[];
}

/** Creates partitions ahead and drops expired ones. Calls queue, and each step is a transaction. */
export async function maintainPartitions(
  database: Pick<Database, 'query'>,
): Promise<PartitionMaintenance> {
  const [ahead] = await database.query<{ made: string[] }>(
    'SELECT create_partitions_ahead() AS made',
  );
  const [over] = await database.query<{ dropped: string[] }>(
    'SELECT drop_old_partitions() AS dropped',
  );
  return { made: ahead?.made ?? [], dropped: over?.dropped ?? [] };
}
