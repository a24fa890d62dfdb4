import { migrate, withPlatform, type DatabaseSchema } from '@sluice/postgres';
import {
  asOwner,
  asService,
  rightsFaults,
  TEST_LOGIN,
  withClient,
  withTestPostgres,
  type TestPostgres,
} from '@sluice/test-servers';

/** Runs one statement of the migrated database and answers its rows; throws what PostgreSQL refuses. */
type Run = (sql: string) => Promise<readonly object[]>;

/** That the login of a service may do what its schema declares and nothing else; `more`: what else holds of it, in the same database. */
export function describeLogin(
  of: string,
  schema: DatabaseSchema,
  more: (run: Run, runAsSuperuser: Run) => void,
): void {
  describe(`the login of ${of}`, () => {
    let postgres: TestPostgres;
    let url: string;
    beforeAll(async () => {
      postgres = await withTestPostgres();
      url = await postgres.createDatabase('login');
      await migrate({ url: asOwner(url), login: TEST_LOGIN, schema });
    });
    afterAll(() => postgres.stop());

    it('may do what is declared, and nothing else to any table', async () => {
      expect(await rightsFaults(asService(url), withPlatform(schema).rights)).toEqual([]);
    });

    more(
      (sql) => run(asService(url), sql),
      (sql) => run(url, sql),
    );
  });
}

function run(url: string, sql: string): Promise<readonly object[]> {
  return withClient(url, async (client) => (await client.query<object>(sql)).rows);
}
