import type { Query } from './rights.js';

/** SQL of the retention cutoff in a rule: only rows ended before this moment are removed. */
export const RETENTION_CUTOFF = '$1::timestamptz';
/** SQL of the lowest UUIDv7 of the cutoff: a smaller id was created before the cutoff. */
export const RETENTION_CUTOFF_ID = `partition_bound('uuid', ${RETENTION_CUTOFF} AT TIME ZONE 'UTC')::uuid`;

/**
 * Removable rows of a table. A sweep scans the primary key from the oldest end, in statements of
 * limited rows, without a further index.
 */
export interface RetentionRule {
  readonly table: string;
  /** Primary key of one column, growing with time where the table grows with withdrawals. */
  readonly key: string;
  readonly keyType: 'uuid' | 'bigint' | 'text';
  /** SQL for the key at which the scan ends, since no later row is old enough. Left out where the key does not contain the time. */
  readonly keyBelow?: string;
  /** Condition of a partial index on the row `t`, to use the index. */
  readonly scanWhere?: string;
  /**
   * Condition on the row `t`: ended for good long ago. At least one compared time is not changeable
   * by the login: a thief could make a recent row appear old.
   */
  readonly ended: string;
  /** True if rows end in key order: the scan ends at the first group without a removable row. */
  readonly endsInKeyOrder?: boolean;
  /** Referring column by table, for rows removed together; foreign keys are included anyway. */
  readonly dependents?: Readonly<Record<string, string>>;
  /** SQL run for the rows `over` instead of the DELETE: an INSERT ending with RETURNING. */
  readonly insteadOfDelete?: string;
}

/** Of every service: replayed dead letters leave, others stay. */
export const PLATFORM_RETENTION: readonly RetentionRule[] = [
  {
    table: 'dead_letter',
    key: 'id',
    keyType: 'bigint',
    ended: `t.replayed_at < ${RETENTION_CUTOFF} AND t.dead_lettered_at < ${RETENTION_CUTOFF}`,
  },
];

/**
 * SQL of the lowest UUIDv7 that retention keeps; NULL without a cutoff. A lower id may have had a row: an
 * absent row does not prove a new id.
 */
export const OLDEST_KEPT_ID = `(SELECT partition_bound('uuid', cutoff AT TIME ZONE 'UTC') FROM retention)`;

/** SQL that is true for a UUIDv7 from before the cutoff. */
export function isBeforeRetentionCutoff(idSql: string): string {
  return `coalesce(uuid_extract_version(${idSql}) = 7 AND ${idSql} < ${OLDEST_KEPT_ID}::uuid, false)`;
}

/** Replaces all stored rules by the given rules; `sweep_step` runs no other statement. */
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

/** Referring columns by table from the catalogue, with later tables. */
async function referencing(query: Query, table: string): Promise<Record<string, string>> {
  const rows = await query<{ name: string; column: string }>(
    `SELECT c.conrelid::regclass::text AS name, a.attname::text AS "column"
       FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      WHERE c.contype = 'f' AND c.confrelid = $1::regclass AND cardinality(c.conkey) = 1`,
    [table],
  );
  return Object.fromEntries(rows.map(({ name, column }) => [name, column]));
}
