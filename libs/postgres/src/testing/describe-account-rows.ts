import { randomUUID } from 'node:crypto';
import {
  asOwner,
  asService,
  TEST_LOGIN,
  withClient,
  withTestPostgres,
  type TestPostgres,
} from '@sluice/test-servers';
import { migrate } from '../schema/migrate.js';
import type { DatabaseSchema } from '../schema/schema.js';
import {
  acceptAnyRow,
  accountColumns,
  insertOf,
  type AccountColumn,
  type Ask,
} from './account-tables.js';

/**
 * Tests that every table with accounts of customers restricts its rows to the account of the
 * connection, for the service's login and for the owner. `ofTheFirm` names tables with accounts of
 * the firm only.
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

/** Runs work on a connection with the account, or without the setting. */
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
