import { Database, migrate, type DatabaseSchema, type Query } from '@sluice/postgres';
import {
  asOwner,
  asService,
  TEST_LOGIN,
  TEST_OWNER,
  testDatabase,
  withClient,
} from '@sluice/test-servers';
import {
  databaseLoginCheck,
  databaseRightsCheck,
  databaseSessionCheck,
  foreignGrantsCheck,
} from './database.check.js';

const SCHEMA: DatabaseSchema = { migrations: [], rights: { tables: {} } };

describe('what a service finds wrong with its database', () => {
  let url: string;
  let database: Database;
  beforeEach(async () => {
    url = await testDatabase('self_check');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: SCHEMA });
    const name = new URL(url).pathname.slice(1); // test databases let everybody connect
    await plant(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    await plant(`GRANT CONNECT ON DATABASE ${name} TO ${TEST_LOGIN}`);
    database = await Database.open({ url: asService(url), name: 'test' });
  });
  afterEach(() => database.close());

  const plant = (sql: string) => withClient(url, (client) => client.query(sql));
  async function findings(): Promise<readonly string[]> {
    const query: Query = (sql, params) => database.query(sql, params);
    const seen = await Promise.all(
      [
        databaseLoginCheck(query),
        databaseRightsCheck(query, SCHEMA),
        foreignGrantsCheck(query),
        databaseSessionCheck(database),
      ].map((check) => check.look()),
    );
    return seen
      .flatMap(({ findings: found = [] }) => found)
      .map(({ code, wrong }) => `${code}: ${wrong}`);
  }

  it('is nothing after its migration', async () => {
    expect(await findings()).toEqual([]);
  });

  it('is an encoding that the database got after the start', async () => {
    const name = new URL(url).pathname.slice(1);
    await plant(
      `UPDATE pg_database SET encoding = pg_char_to_encoding('LATIN1') WHERE datname = '${name}'`,
    );
    expect(await findings()).toEqual([
      `database-encoding: The encoding of the database ${name} must be UTF8, it is LATIN1.`,
    ]);
  });

  it.each([
    [
      'a right too few',
      `REVOKE INSERT ON dead_letter FROM ${TEST_LOGIN}`,
      "database-rights-missing: The service's database login lacks INSERT on dead_letter.",
    ],
    [
      'evidence that may be rewritten',
      `GRANT UPDATE ON audit_entry TO ${TEST_LOGIN}`,
      "database-evidence-writable: The service's database login has UPDATE on audit_entry, where rows are only ever added.",
    ],
    [
      'evidence of which a column may be rewritten',
      `GRANT UPDATE (cause) ON set_aside_row TO ${TEST_LOGIN}`,
      "database-evidence-writable: The service's database login has UPDATE on set_aside_row (cause), where rows are only ever added.",
    ],
    [
      'a right too many',
      `GRANT DELETE ON dead_letter TO ${TEST_LOGIN}`,
      "database-rights-surplus: The service's database login has DELETE on dead_letter, which its code does not use.",
    ],
    [
      'DDL',
      `GRANT CREATE ON SCHEMA public TO ${TEST_LOGIN}`,
      "database-rights-surplus: The service's database login has CREATE on schema public, which its code does not use.",
    ],
    [
      'a table of its own',
      `ALTER TABLE skipped_batch OWNER TO ${TEST_LOGIN}`,
      `database-login-owns: The database login ${TEST_LOGIN} owns skipped_batch.`,
    ],
    [
      'what everybody may',
      'GRANT SELECT ON approval TO PUBLIC',
      'database-rights-public: Every login of this PostgreSQL (PUBLIC) has SELECT on approval.',
    ],
    [
      'what a third login may',
      'GRANT SELECT, UPDATE ON outbox TO pg_monitor',
      'database-rights-others: The login pg_monitor has SELECT on outbox, UPDATE on outbox.',
    ],
  ])('is %s', async (_what, sql, sentence) => {
    await plant(sql);

    expect(await findings()).toContain(sentence);
  });

  it.each([
    [
      'a superuser',
      `ALTER ROLE ${TEST_LOGIN} SUPERUSER`,
      `ALTER ROLE ${TEST_LOGIN} NOSUPERUSER`,
      `database-login-powerful: The database login ${TEST_LOGIN} is SUPERUSER.`,
    ],
    [
      'a member of its owner',
      `GRANT ${TEST_OWNER} TO ${TEST_LOGIN}`,
      `REVOKE ${TEST_OWNER} FROM ${TEST_LOGIN}`,
      `database-login-member: The database login ${TEST_LOGIN} is a member of ${TEST_OWNER}.`,
    ],
  ])('is that its login is %s', async (_what, sql, undo, sentence) => {
    await plant(sql);
    try {
      expect(await findings()).toContain(sentence);
    } finally {
      await plant(undo); // roles are of the whole server
    }
  });
});
