import { givenDatabase } from '../testkit/given-database.js';

const OF_ALL = 'SELECT * FROM note WHERE id = $1';

describe('prepared statements', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => void (db = await givenDatabase()));
  afterAll(() => db.stop());
  const migrate = (column: string) =>
    db.database.query(`ALTER TABLE note ADD COLUMN ${column} int`);

  it('are kept by the server: one text is parsed once for each connection', async () => {
    const twice = await db.unitOfWork.run(async (tx) => {
      const both = [tx.query('SELECT $1::int AS n', [1]), tx.query('SELECT $1::int AS n', [2])]; // in one round trip: the second is parsed by the first
      const answers = (await Promise.all(both)).flat();
      const kept = await tx.query(
        `SELECT FROM pg_prepared_statements WHERE statement = 'SELECT $1::int AS n'`,
      );
      return { answers, kept: kept.length };
    });
    expect(twice).toEqual({ answers: [{ n: 1 }, { n: 2 }], kept: 1 });
  });

  it('outlive a migration by somebody else: a query, and a transaction, see the new shape of the table', async () => {
    await db.database.query(`INSERT INTO note (id) VALUES ('a')`);
    await db.database.query(OF_ALL, ['a']);
    await migrate('more');
    expect(await db.database.query(OF_ALL, ['a'])).toEqual([{ id: 'a', n: 0, more: null }]);

    await db.unitOfWork.run((tx) => tx.query(OF_ALL, ['a']));
    await migrate('most');
    expect(await db.unitOfWork.run((tx) => tx.query(OF_ALL, ['a']))).toEqual([
      { id: 'a', n: 0, more: null, most: null },
    ]);
  });
});
