import {
  asOwner,
  asService,
  TEST_LOGIN,
  withTestPostgres,
  type TestPostgres,
} from '../servers/with-test-postgres.js';
import { rightsFaults } from './rights-faults.js';
import { withClient } from './start-postgres.js';

describe('rightsFaults', () => {
  let postgres: TestPostgres;
  let url: string;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    url = await postgres.createDatabase('rights');
    await own(
      `CREATE TABLE fact (id int, note text); CREATE FUNCTION state_is_final() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';
       REVOKE ALL ON FUNCTION state_is_final() FROM PUBLIC; GRANT SELECT, UPDATE (note) ON fact TO ${TEST_LOGIN}`,
    );
  });
  afterAll(() => postgres.stop());

  const own = (sql: string) => withClient(asOwner(url), (client) => client.query(sql));

  it('is silent where the login may do what is declared', async () => {
    expect(
      await rightsFaults(asService(url), { tables: { fact: 'SELECT, UPDATE (note)' } }),
    ).toEqual([]);
  });

  it('names what is granted and not declared, and what is declared and not granted', async () => {
    expect(await rightsFaults(asService(url), { tables: { fact: 'SELECT, INSERT' } })).toEqual([
      'has UPDATE on fact (note)',
      'lacks INSERT on fact',
      'may UPDATE "fact" SET "note" = DEFAULT WHERE false',
    ]);
  });

  it('finds a verb that somebody has granted since', async () => {
    await own(`GRANT DELETE, TRUNCATE ON fact TO ${TEST_LOGIN}`);
    expect(
      await rightsFaults(asService(url), { tables: { fact: 'SELECT, UPDATE (note)' } }),
    ).toEqual([
      'has DELETE on fact',
      'has TRUNCATE on fact',
      'may DELETE FROM "fact" WHERE false',
      'may TRUNCATE "fact"',
    ]);
  });
});
