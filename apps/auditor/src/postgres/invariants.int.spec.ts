import { checkInvariants, Database, migrate, withPlatform } from '@sluice/postgres';
import {
  asOwner,
  asService,
  rightsFaults,
  TEST_LOGIN,
  withTestPostgres,
  type TestPostgres,
} from '@sluice/test-servers';
import { AUDITOR_SCHEMA } from './schema.js';

const FOLDER = new URL('./invariants/', import.meta.url);

describe('invariants', () => {
  let postgres: TestPostgres;
  let database: Database;
  let url: string;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    url = asService(await postgres.createDatabase('auditor'));
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
    database = await Database.open({ url, name: 'auditor', schema: AUDITOR_SCHEMA });
  });
  afterAll(async () => {
    await database.close();
    await postgres.stop();
  });

  it('are all that its login may break: it has the rights that are declared, and no other', async () => {
    expect(await rightsFaults(url, withPlatform(AUDITOR_SCHEMA).rights)).toEqual([]);
  });

  it('hold for valid rows, and check the rows', async () => {
    await database.query('INSERT INTO example DEFAULT VALUES');

    const { violations, populations } = await checkInvariants(database, FOLDER);

    expect(violations).toEqual([]);
    expect(populations).toEqual({ examples: 1 });
  });

  it('ends-after-it-began finds an example that ended before it began', async () => {
    await database.query(`INSERT INTO example (ended_at) VALUES ('2000-01-01')`);

    const { violations } = await checkInvariants(database, FOLDER);

    expect(violations).toMatchObject([
      { invariant: 'ends-after-it-began: an example ends after it began' },
    ]);
  });
});
