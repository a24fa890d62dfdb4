import { randomUUID } from 'node:crypto';
import { asOwner } from '@sluice/test-servers';
import { DataSource } from 'typeorm';
import type { Database } from '../database/database.js';
import { restrictToAccounts } from '../schema/account-rows.js';
import { givenDatabase, processOn } from '../testkit/given-database.js';
import { NoteEntity } from '../testkit/note.entity.js';
import { forAccount, forAllAccounts } from './account-scope.js';

describe('the scope of an account', () => {
  let given: Awaited<ReturnType<typeof givenDatabase>>;
  let database: Database;
  const [ours, others] = [randomUUID(), randomUUID()];

  beforeAll(async () => {
    given = await givenDatabase();
    await given.database.query('ALTER TABLE note ADD COLUMN account_id uuid');
    await given.database.query('ALTER TABLE note OWNER TO test_owner');
    await restrict();
    ({ service: database } = await customers(1));
  });
  beforeEach(async () => {
    await given.database.query('DELETE FROM note');
    await given.database.query(
      `INSERT INTO note (id, account_id) VALUES ('our', $1), ('other', $2)`,
      [ours, others],
    );
  });
  afterAll(() => given.stop());

  const ids = async (of: Database = database) =>
    (await of.query<{ id: string }>('SELECT id FROM note ORDER BY id', [])).map(({ id }) => id);

  it('limits single statements, repositories and transactions to rows of the account', async () => {
    const { unitOfWork } = processOn(database);
    const read = await forAccount(ours, async () => [
      await ids(),
      (await database.repository(NoteEntity).find()).map(({ id }) => id),
      (await unitOfWork.run((tx) => tx.query<{ id: string }>('SELECT id FROM note'))).map(
        ({ id }) => id,
      ),
    ]);
    expect(read).toEqual([['our'], ['our'], ['our']]);
  });

  it('refuses a row of another account, and changes none without a condition', async () => {
    await forAccount(ours, async () => {
      await expect(
        database.query(`INSERT INTO note (id, account_id) VALUES ('new', $1)`, [others]),
      ).rejects.toMatchObject({ code: '42501' });
      await database.query('UPDATE note SET n = 7', []);
    });
    const rows = await given.database.query('SELECT id, n FROM note ORDER BY id');
    expect(rows).toEqual([
      { id: 'other', n: 0 },
      { id: 'our', n: 7 },
    ]);
  });

  it('does not reach the next user of a connection, also after a failed statement', async () => {
    await forAccount(ours, async () => {
      await expect(database.query('SELECT 1 / 0', [])).rejects.toThrow('division by zero');
    });
    expect(await forAccount(others, () => ids())).toEqual(['other']);
    await expect(
      forAccount(ours, () => database.withClient((client) => client.query('SELECT id FROM note'))),
    ).rejects.toThrow('invalid input syntax for type uuid: "none"');
  });

  it('keeps simultaneous requests of several accounts apart', async () => {
    const read = await Promise.all(
      Array.from({ length: 40 }, (_, at) => forAccount(at % 2 === 0 ? ours : others, () => ids())),
    );
    expect(new Set(read.filter((_, at) => at % 2 === 0).flat())).toEqual(new Set(['our']));
    expect(new Set(read.filter((_, at) => at % 2 === 1).flat())).toEqual(new Set(['other']));
  });

  it('is of no account for the name of all accounts', async () => {
    await expect(forAccount('*', () => ids())).rejects.toThrow(
      'invalid input syntax for type uuid: "none"',
    );
  });

  it('ends where work for all accounts begins', async () => {
    expect(await ids()).toEqual(['other', 'our']);
    expect(await forAccount(ours, () => forAllAccounts(() => ids()))).toEqual(['other', 'our']);
  });

  it('also holds in a process without connections for customers', async () => {
    const { service } = await customers(0);
    expect(await forAccount(ours, () => ids(service))).toEqual(['our']);
    expect(await ids(service)).toEqual(['other', 'our']);
  });

  async function customers(customerPoolSize: number) {
    const { database: service } = await given.start({ customerPoolSize });
    return { service };
  }

  async function restrict(): Promise<void> {
    const owner = await new DataSource({
      type: 'postgres',
      url: asOwner(given.url),
    }).initialize();
    await restrictToAccounts(owner.createQueryRunner(), [{ table: 'note' }]);
    await owner.destroy();
  }
});
