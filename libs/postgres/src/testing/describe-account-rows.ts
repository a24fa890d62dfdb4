import { randomUUID } from 'node:crypto';
import {
  asOwner,
  asService,
  TEST_LOGIN,
  type TestPostgres,
  withClient,
  withTestPostgres,
} from '@sluice/test-servers';
import { migrate } from '../schema/migrate.js';
import type { DatabaseSchema } from '../schema/schema.js';

/**
 * Every table with customers' accounts restricts its rows, for login and owner. `ofTheFirm`: tables
 * without customers.
 */
export function describeAccountRows(
  of: string,
  schema: DatabaseSchema,
  ofTheFirm: readonly string[] = [],
): void {
  describe(`the rows of accounts in the database of ${of}`, () => {
    let postgres: TestPostgres;
    let url: string;
    let columns: readonly AccountColumn[];
    const [ours, others] = [randomUUID(), randomUUID()];

    beforeAll(async () => {
      postgres = await withTestPostgres();
      url = await postgres.createDatabase('account_rows');
      await migrate({ url: asOwner(url), login: TEST_LOGIN, schema });
      columns = (await as(url, null, accountColumns)).filter(
        ({ table }) => !ofTheFirm.includes(table),
      );
    });
    afterAll(() => postgres.stop());

    it('are restricted in every table and partition', () => {
      expect(columns.length).toBeGreaterThan(0);
      const open = columns.filter(({ isRestricted }) => !isRestricted);
      expect(open.map(({ table }) => table)).toEqual([]);
    });

    it('of another account are neither read nor changed', async () => {
      await as(url, null, (ask) => acceptAnyRow(ask, TEST_LOGIN));
      const found = new Map<string, readonly string[]>();
      for (const column of columns.filter(({ isPartition }) => !isPartition)) {
        await as(url, null, async (ask) => {
          for (const account of [ours, others])
            await ask(await insertOf(ask, column, accountSql(column, account)));
        });
        for (const login of [asService(url), asOwner(url)])
          found.set(`${column.table} ${login === asOwner(url)}`, await reach(login, column));
      }
      expect([...found].filter(([, faults]) => faults.length > 0)).toEqual([]);
    });

    /** Returns the statements that reach rows of the other account, or no row of their own. */
    async function reach(login: string, one: AccountColumn): Promise<readonly string[]> {
      const { table, column } = one;
      const [mine, theirs] = [accountSql(one, ours), accountSql(one, others)];
      const count = (account: string) =>
        `SELECT ${column} FROM ${table} WHERE ${column} = ${account}`;
      const everything = `SELECT ${column} FROM ${table}`;
      const insert = await as(url, null, (ask) => insertOf(ask, one, theirs));
      const results: Record<string, unknown> = {
        'reads its own': await rowsOf(login, ours, count(mine)),
        'reads all without a condition': await rowsOf(login, ours, everything),
        'reads the other': await rowsOf(login, ours, count(theirs)),
        'changes the other': await rowsOf(
          login,
          ours,
          `UPDATE ${table} SET ${column} = ${column} WHERE ${column} = ${theirs} RETURNING 1`,
        ),
        'removes the other': await rowsOf(
          login,
          ours,
          `DELETE FROM ${table} WHERE ${column} = ${theirs} RETURNING 1`,
        ),
        'inserts for the other': await rowsOf(login, ours, insert),
        'gives its own away': await rowsOf(
          login,
          ours,
          `UPDATE ${table} SET ${column} = ${theirs} WHERE ${column} = ${mine}`,
        ),
        'reads without an account': await rowsOf(login, 'none', everything),
        'reads for all accounts': await rowsOf(login, '*', everything),
        'reads without the setting': await rowsOf(login, null, everything),
        'reads with an empty setting': await rowsOf(login, '', everything),
        'inserts without the setting': await rowsOf(login, null, insert),
        'changes without the setting': await rowsOf(
          login,
          null,
          `UPDATE ${table} SET ${column} = ${column} RETURNING 1`,
        ),
      };
      return Object.entries(results)
        .filter(([what, result]) => !(EXPECTED[what] ?? []).includes(String(result)))
        .map(([what, result]) => `${what}: ${String(result)}`);
    }
  });
}

const NOT_GRANTED = '42501';
const NO_UUID = '22P02';

/** Number of rows or code of the error, by attempt. The owner of a journal may not change it. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'reads its own': ['1'],
  'reads all without a condition': ['1'],
  'reads the other': ['0'],
  'changes the other': ['0', NOT_GRANTED],
  'removes the other': ['0', NOT_GRANTED],
  'inserts for the other': [NOT_GRANTED],
  'gives its own away': [NOT_GRANTED],
  'reads without an account': [NO_UUID],
  'reads for all accounts': ['2'],
  'reads without the setting': [NO_UUID],
  'reads with an empty setting': [NO_UUID],
  'inserts without the setting': [NO_UUID, NOT_GRANTED],
  'changes without the setting': [NO_UUID, NOT_GRANTED],
};

function accountSql({ column }: AccountColumn, account: string): string {
  return column === 'account' ? `'customer:${account}'` : `'${account}'`;
}

function as<T>(url: string, account: string | null, work: (ask: Ask) => Promise<T>): Promise<T> {
  return withClient(url, async (client) => {
    if (account !== null)
      await client.query(`SELECT set_config('sluice.account', $1, false)`, [account]);
    return work(async <Row>(sql: string) => (await client.query(sql)).rows as Row[]);
  });
}

/** Returns the number of rows, or the code of the error. Changes are undone. */
function rowsOf(url: string, account: string | null, sql: string): Promise<number | string> {
  return as(url, account, async (ask) => {
    await ask('BEGIN');
    return ask(sql).then(
      (rows) => rows.length,
      (error: unknown) => String((error as { code?: unknown }).code),
    );
  });
}

type Ask = <Row>(sql: string) => Promise<Row[]>;

interface AccountColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly isPartition: boolean;
  /** True if row-level security is enabled, forced, and has a policy for all statements. */
  readonly isRestricted: boolean;
}

/**
 * Tables, with partitions, whose column `account_id` or `account`, or key of `account`, is a
 * customer's account.
 */
function accountColumns(ask: Ask): Promise<AccountColumn[]> {
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

/** Removes checks, references and triggers, and grants all verbs: only policies are tested. */
async function acceptAnyRow(ask: Ask, login: string): Promise<void> {
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

/** INSERT of a row of the account, with new values in other required columns. */
async function insertOf(
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
