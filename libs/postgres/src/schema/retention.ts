import type { Query } from './rights.js';

/** SQL of the retention cutoff in a rule: only rows ended before this moment are removed. */
export const RETENTION_CUTOFF = '$1::timestamptz';
/** SQL of the lowest UUIDv7 of the cutoff: a smaller id was created before the cutoff. */
export const RETENTION_CUTOFF_ID = `partition_bound('uuid', ${RETENTION_CUTOFF} AT TIME ZONE 'UTC')::uuid`;

/**
 * Retention rule: defines the removable rows of a table. A sweep scans along the primary key from
 * the oldest end, with a limited number of rows per statement. The sweep removes rows ended for
 * good. No statement grows with the table, and no statement needs an additional index.
 */
export interface RetentionRule {
  readonly table: string;
  /**
   * Primary key of a single column. In a table growing with withdrawals, the key must grow with
   * time.
   */
  readonly key: string;
  readonly keyType: 'uuid' | 'bigint' | 'text';
  /** SQL for the key at which the scan ends, since no later row is old enough. Left out where the key does not contain the time. */
  readonly keyBelow?: string;
  /**
   * SQL condition of a partial index on the row `t`. With this condition the scan uses the index.
   */
  readonly scanWhere?: string;
  /**
   * SQL condition on the row `t`: the row ended for good long ago and can no longer be requested.
   * At least one compared time must be in a column not changeable by the service's login. Otherwise
   * a thief of the login could make a recent row appear old.
   */
  readonly ended: string;
  /**
   * True if rows end in the order of their keys. The scan ends at the first group without a
   * removable row. For a key growing with time but not containing the time.
   */
  readonly endsInKeyOrder?: boolean;
  /**
   * Referring column by table, for rows removed together with the row. Tables with a foreign key in
   * the catalogue are included automatically.
   */
  readonly dependents?: Readonly<Record<string, string>>;
  /** SQL run for the rows `over` instead of the DELETE: an INSERT ending with RETURNING. */
  readonly insteadOfDelete?: string;
}

/**
 * Retention rules of every service: replayed dead letters are removed, all other dead letters stay.
 */
export const PLATFORM_RETENTION: readonly RetentionRule[] = [
  {
    table: 'dead_letter',
    key: 'id',
    keyType: 'bigint',
    ended: `t.replayed_at < ${RETENTION_CUTOFF} AND t.dead_lettered_at < ${RETENTION_CUTOFF}`,
  },
];

/**
 * Returns SQL that is true for a UUIDv7 from before the cutoff. The row may have been removed, and
 * an absent row does not prove a new id.
 */
export function isBeforeRetentionCutoff(idSql: string): string {
  return `coalesce(uuid_extract_version(${idSql}) = 7 AND ${idSql} < (SELECT partition_bound('uuid', cutoff AT TIME ZONE 'UTC')::uuid FROM retention), false)`;
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

/**
 * Returns the SQL of a rule. Locked rows are left for the next sweep (SKIP LOCKED), and a sweep
 * never waits for a lock.
 */
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

/**
 * Returns the columns with a foreign key to the table, by table. Read from the catalogue, to
 * include tables added later.
 */
async function referencing(query: Query, table: string): Promise<Record<string, string>> {
  const rows = await query<{ name: string; column: string }>(
    `SELECT c.conrelid::regclass::text AS name, a.attname::text AS "column"
       FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      WHERE c.contype = 'f' AND c.confrelid = $1::regclass AND cardinality(c.conkey) = 1`,
    [table],
  );
  return Object.fromEntries(rows.map(({ name, column }) => [name, column]));
}
