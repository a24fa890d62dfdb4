import type { QueryRunner } from 'typeorm';

export interface AccountTable {
  readonly table: string;
  /** Column with the account. Default: `account_id`. */
  readonly column?: string;
  /** `chart`: the column contains names of the chart of accounts, as `customer:UUID`. */
  readonly holds?: 'uuid' | 'chart';
  /** True if every account may read the rows without an account. */
  readonly sharesRows?: boolean;
}

/**
 * Restricts tables to the account in `sluice.account`, for the owner too. `*` allows all; another
 * value or no setting fails, because an empty answer would make an empty backup. Migrations of
 * tables in use need `transaction = false`: no lock waits for the next table.
 */
export async function restrictToAccounts(
  runner: QueryRunner,
  tables: readonly AccountTable[],
): Promise<void> {
  for (const table of tables) await runner.query(restricting(table));
}

/** Returns the statements for a new partition of the table, for `partitioned_table.seal`. */
export function restrictionOfPartition(table: AccountTable): readonly string[] {
  return [
    'DROP POLICY IF EXISTS of_account ON %1$I',
    `CREATE POLICY of_account ON %1$I ${policyOf(table)}`,
    'ALTER TABLE %1$I ENABLE ROW LEVEL SECURITY',
    'ALTER TABLE %1$I FORCE ROW LEVEL SECURITY',
  ];
}

/** Without the setting, PostgreSQL shows this text in the error. */
const SETTING = `coalesce(nullif(current_setting('sluice.account', true), ''), 'sluice.account is not set')`;
const IS_OF_ALL = `${SETTING} = '*'`;
/** NULL for work on behalf of all accounts, because `*` is no id. */
const ACCOUNT = `nullif(${SETTING}, '*')::uuid`;

/**
 * One sub-select per statement, which must not fail for any setting: after a wait for a lock
 * PostgreSQL runs sub-selects that the statement never reaches.
 */
function policyOf({
  column = 'account_id',
  holds = 'uuid',
  sharesRows = false,
}: AccountTable): string {
  const account = holds === 'uuid' ? ACCOUNT : `'customer:' || ${ACCOUNT}`;
  const own = `(SELECT ${IS_OF_ALL}) OR ${column} = ${account}`;
  return `USING (${own}${sharesRows ? ` OR ${column} IS NULL` : ''}) WITH CHECK (${own})`;
}

function restricting(table: AccountTable): string {
  const statements = restrictionOfPartition(table).map((sql) => `$sql$${sql}$sql$`);
  return `
  DO $each$
    DECLARE
      one regclass; statement text;
    BEGIN
      FOR one IN SELECT relid FROM pg_partition_tree('${table.table}') UNION SELECT '${table.table}'::regclass LOOP
        FOREACH statement IN ARRAY ARRAY[${statements.join(', ')}] LOOP
          EXECUTE format(statement, (SELECT relname FROM pg_class WHERE oid = one));
        END LOOP;
      END LOOP;
    END $each$`;
}
