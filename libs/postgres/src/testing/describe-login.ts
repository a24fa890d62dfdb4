import { ALL_ACCOUNTS } from '../accounts/account-scope.js';
import { migrate } from '../schema/migrate.js';
import { withPlatform, type DatabaseSchema } from '../schema/schema.js';
import {
  asOwner,
  asService,
  rightsFaults,
  TEST_LOGIN,
  withClient,
  withTestPostgres,
  type TestPostgres,
} from '@sluice/test-servers';

/** Runs on the migrated database for all accounts. Throws PostgreSQL's error. */
type LoginRun = (sql: string) => Promise<readonly object[]>;

/** The login has only the schema's rights; `more`: further tests on the database. */
export function describeLogin(
  of: string,
  schema: DatabaseSchema,
  more: (run: LoginRun, runAsSuperuser: LoginRun) => void,
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
  return withClient(url, async (client) => {
    await client.query(`SELECT set_config('sluice.account', $1, false)`, [ALL_ACCOUNTS]);
    return (await client.query<object>(sql)).rows;
  });
}
