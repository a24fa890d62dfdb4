import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/clock';
import type { Database } from './database.js';

/** Stands in a rule for the moment before which a row must have ended to leave. */
export const LONG_AGO = '$1::timestamptz';
/** The lowest UUIDv7 of that moment: an id below it was made before. */
export const ID_OF_LONG_AGO = `partition_bound('uuid', ${LONG_AGO} AT TIME ZONE 'UTC')::uuid`;

/**
 * What leaves one table, and when. A sweep walks along the primary key from its oldest end, a bounded number of rows with each statement,
 * and takes away those that have ended for good; so no statement grows with the table, and none needs an index of its own.
 */
export interface RetentionRule {
  readonly table: string;
  /** The primary key: one column; in a table that grows with withdrawals, one that grows with time. */
  readonly key: string;
  readonly keyType: 'uuid' | 'bigint' | 'text';
  /** SQL for the key from which on no row is old enough. Left out where the key does not tell the time. */
  readonly below?: string;
  /** SQL about the row `t`, of an index that the walk should follow. */
  readonly among?: string;
  /** SQL about the row `t`: it has ended for good, long ago, and nobody can ask for it any more. */
  readonly ended: string;
  /** Where the key grows with time but does not tell it: rows come to their end in its order, so the first group that stays ends the walk. */
  readonly inOrder?: boolean;
  /** Rows that go with it, in the tables that name it by a column, beside those whose foreign key is found in the catalogue. */
  readonly with?: Readonly<Record<string, string>>;
  /** SQL done to the rows `over` instead of their removal: an INSERT that ends with RETURNING. */
  readonly instead?: string;
}

/** Of every service: messages and batches that a person has dealt with. What nobody has looked at stays. */
export const PLATFORM_RETENTION: readonly RetentionRule[] = [
  { table: 'dead_letter', key: 'id', keyType: 'bigint', ended: `t.replayed_at < ${LONG_AGO}` },
];

export interface SweepOptions {
  /** How long after its end a row is kept. */
  readonly days: number;
  readonly signal?: AbortSignal;
  /** Rows that one statement looks at. */
  readonly atOnce?: number;
  /** After so long it leaves the rest to the next time. */
  readonly mostMs?: number;
}

/** How many rows of each table's own left; null when another instance does it now, or has just begun to. */
export type Swept = Readonly<Record<string, number>> | null;

interface Walked {
  readonly looked: number;
  readonly gone: number;
  readonly last: string | null;
}

type Query = Database['query'];

const SWEEP_LOCK = 7_315_004;
const AT_ONCE = 1_000;
const MOST_MS = 120_000;
/** Longer than any statement may take, so that none is under way which has not seen the moment that is swept by. */
const SEEN_AFTER = '2 minutes';

/**
 * Removes what the rules let go, by the database's clock and in one instance at a time. The moment is written down first and swept by
 * only in the next call, minutes later: whoever asks whether an id is too old to be known (`isForgotten`) knows before the first row is gone.
 */
export async function sweep(
  database: Pick<Database, 'withClient'>,
  rules: readonly RetentionRule[],
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
      const [mark] = await query<{ before: string; seen: boolean }>(
        `SELECT gone_before::text AS before, marked_at < clock_timestamp() - interval '${SEEN_AFTER}' AS seen FROM retention`,
      );
      if (mark && !mark.seen) return null;
      const swept = mark ? await sweepAll(query, rules, mark.before, options) : {};
      await query(MARK, [options.days]);
      return swept;
    } finally {
      await query('SELECT pg_advisory_unlock($1)', [SWEEP_LOCK]).catch(() => undefined);
    }
  });
}

const MARK = `
  INSERT INTO retention (gone_before) VALUES (clock_timestamp() - make_interval(days => $1::int))
  ON CONFLICT (single) DO UPDATE SET gone_before = greatest(retention.gone_before, excluded.gone_before), marked_at = clock_timestamp()`;

/** SQL: whether this UUIDv7 is of a time of which final rows may be gone, so that one that is not there is not known to be new. */
export function isForgotten(idSql: string): string {
  return `coalesce(uuid_extract_version(${idSql}) = 7 AND ${idSql} < (SELECT partition_bound('uuid', gone_before AT TIME ZONE 'UTC')::uuid FROM retention), false)`;
}

async function sweepAll(
  query: Query,
  rules: readonly RetentionRule[],
  before: string,
  options: SweepOptions,
): Promise<Record<string, number>> {
  const until = monotonicMs() + (options.mostMs ?? MOST_MS);
  const swept: Record<string, number> = {};
  for (const rule of rules) {
    const gone = await walk(
      query,
      { ...rule, with: { ...(await referencing(query, rule.table)), ...rule.with } },
      before,
      until,
      options,
    );
    if (rule.instead === undefined) swept[rule.table] = (swept[rule.table] ?? 0) + gone;
  }
  return swept;
}

/** Rests between two statements as long as the last one took: others have at least half of what the database can do. */
async function walk(
  query: Query,
  rule: RetentionRule,
  before: string,
  until: number,
  { atOnce = AT_ONCE, signal }: SweepOptions,
): Promise<number> {
  const sql = statementOf(rule);
  let total = 0;
  for (let after: string | null = null; ;) {
    const began = monotonicMs();
    const [step]: Walked[] = await query<Walked>(sql, [before, after, atOnce]);
    total += step?.gone ?? 0;
    after = step?.last ?? null;
    const done =
      after === null || (step?.looked ?? 0) < atOnce || (rule.inOrder === true && step?.gone === 0);
    if (done || monotonicMs() > until || signal?.aborted) return total;
    await sleep(monotonicMs() - began);
  }
}

/** A row that somebody holds is left for the next time, so it waits for nobody. */
function statementOf({
  table,
  key,
  keyType,
  below,
  among,
  ended,
  instead,
  with: others = {},
}: RetentionRule): string {
  const removals = Object.entries(others).map(
    ([other, column], n) =>
      `removed_${n} AS (DELETE FROM ${other} o USING over WHERE o.${column} = over.${key})`,
  );
  const gone =
    instead ?? `DELETE FROM ${table} d USING over WHERE d.${key} = over.${key} RETURNING 1`;
  return `
    WITH looked AS MATERIALIZED (
           SELECT t.${key} FROM ${table} t
            WHERE ($2::text IS NULL OR t.${key} > $2::text::${keyType})${below ? ` AND t.${key} < ${below}` : ''}${among ? ` AND ${among}` : ''}
            ORDER BY t.${key} LIMIT $3),
         over AS MATERIALIZED (
           SELECT t.${key} FROM ${table} t WHERE t.${key} IN (SELECT ${key} FROM looked) AND (${ended}) FOR UPDATE SKIP LOCKED),
         ${[...(instead ? [] : removals), `gone AS (${gone})`].join(',\n         ')}
    SELECT (SELECT count(*) FROM looked)::int AS looked, (SELECT count(*) FROM gone)::int AS gone,
           (SELECT ${key}::text FROM looked ORDER BY looked.${key} DESC LIMIT 1) AS last,
           ${LONG_AGO} AS before`;
}

/** Tables with a foreign key to this one, and the column that has it: of a table that others add later, too, nothing is forgotten. */
async function referencing(query: Query, table: string): Promise<Record<string, string>> {
  const rows = await query<{ name: string; column: string }>(
    `SELECT c.conrelid::regclass::text AS name, a.attname::text AS "column"
       FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      WHERE c.contype = 'f' AND c.confrelid = $1::regclass AND cardinality(c.conkey) = 1`,
    [table],
  );
  return Object.fromEntries(rows.map(({ name, column }) => [name, column]));
}
