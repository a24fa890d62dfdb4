/** Runs a query on the migrated database. */
export type Ask = <Row>(sql: string) => Promise<Row[]>;

/** A table with a column of customers' accounts, and the state of its row-level security. */
export interface AccountColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly isPartition: boolean;
  /** True if row-level security is enabled, forced, and has a policy for all statements. */
  readonly isRestricted: boolean;
}

/**
 * Returns every table with accounts of customers, partitions included. A column with a customer's
 * account is called `account_id` or `account`, or is the key of the table `account`.
 */
export function accountColumns(ask: Ask): Promise<AccountColumn[]> {
  return ask(ACCOUNT_COLUMNS);
}

const ACCOUNT_COLUMNS = `
  SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, NULL) AS type, c.relispartition AS "isPartition",
         c.relrowsecurity AND c.relforcerowsecurity
           AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*' AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL)
           AS "isRestricted"
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
     AND (a.attname IN ('account_id', 'account') OR c.relname = 'account' AND a.attname = 'id')
   ORDER BY 1, 2`;

/**
 * Makes every table accept any row: removes checks, references and triggers, and grants all verbs
 * to the login. The rest of a database's rules are not the subject of a test of its policies.
 */
export async function acceptAnyRow(ask: Ask, login: string): Promise<void> {
  await ask(ACCEPT_ANY_ROW);
  await ask(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${login}`);
}

const ACCEPT_ANY_ROW = `
  DO $$
    DECLARE
      one record;
    BEGIN
      FOR one IN SELECT o.conrelid::regclass AS name, o.conname FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
                  WHERE c.relnamespace = 'public'::regnamespace AND o.contype IN ('c', 'f') AND o.coninhcount = 0 AND o.conparentid = 0 LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.name, one.conname);
      END LOOP;
      FOR one IN SELECT oid::regclass AS name FROM pg_class
                  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', one.name);
      END LOOP;
    END $$`;

/**
 * Returns an INSERT of a row of the account. Every other required column gets a new value of its
 * type.
 */
export async function insertOf(
  ask: Ask,
  { table, column }: AccountColumn,
  accountSql: string,
): Promise<string> {
  const others = await ask<{ name: string; type: string }>(
    `SELECT quote_ident(attname) AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
      WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped
        AND attnotnull AND attidentity = '' AND attgenerated = '' AND attname <> '${column}'`,
  );
  const names = [column, ...others.map(({ name }) => name)];
  const values = [accountSql, ...others.map(({ type }) => valueOf(type))];
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')})`;
}

/** SQL of a value by type. Unlisted types have values that never repeat. */
const VALUES: Readonly<Record<string, string>> = {
  uuid: 'uuidv7()',
  'timestamp with time zone': 'clock_timestamp()',
  boolean: 'false',
  bytea: `'\\x00'`,
  json: `'{}'`,
  jsonb: `'{}'`,
  smallint: '1',
  integer: '(random() * 1000000)::int',
  bigint: '(random() * 1000000000)::bigint',
  numeric: '1',
};

function valueOf(type: string): string {
  if (type.endsWith('[]')) return `'{}'`;
  return VALUES[type] ?? 'gen_random_uuid()::text';
}
