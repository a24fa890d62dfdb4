import { withClient } from '../postgres/start-postgres.js';
import { withTestPostgres, type TestPostgres } from './with-test-postgres.js';

describe('withTestPostgres', () => {
  let postgres: TestPostgres;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());

  it('gives each caller a database of its own', async () => {
    const [first, second] = [
      await postgres.createDatabase('books'),
      await postgres.createDatabase('books'),
    ];

    await withClient(first, (client) => client.query('CREATE TABLE only_here (id int)'));

    const seen = await withClient(second, (client) =>
      client.query(`SELECT to_regclass('only_here') AS found`),
    );
    expect(seen.rows).toEqual([{ found: null }]);
  });
});
