import { checkInvariants, Database, withPlatform } from '@sluice/postgres';
import { asService, rightsFaults } from '@sluice/test-servers';
import { INVARIANTS } from '../console.service.js';
import { migrated } from '../testkit/given-console.js';
import { CONSOLE_SCHEMA } from './schema.js';

let url: string;
let service: Database;
let database: Database;
beforeEach(async () => {
  url = await migrated();
  [service, database] = await Promise.all([
    Database.open({ url: asService(url), name: 'console-test' }),
    Database.open({ url, name: 'owner' }),
  ]);
});
afterEach(() => Promise.all([service.close(), database.close()]));

const insert = (columns: string, values: string) =>
  service.query(
    `INSERT INTO session (id, secret_hash, person, roles, address, browser, access_expires_at, ends_at${columns})
     VALUES (uuidv7(), gen_random_uuid()::text, 'olivia', '{}', '127.0.0.1', '', now(), now() + interval '1 hour'${values})`,
  );
const live = () => insert(', tokens', `, '{}'`);
const ended = () => insert(', ended_at, ended_by, ended_because', `, now(), 'olivia', 'logout'`);

const PLANTED: Readonly<Record<string, readonly string[]>> = {
  'ended-keeps-no-tokens': [
    `UPDATE session SET created_at = now() - interval '2 hours', last_used_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' WHERE tokens IS NOT NULL`,
  ],
  'used-within-its-life': [
    `UPDATE session SET last_used_at = ends_at + interval '1 second' WHERE tokens IS NOT NULL`,
  ],
};

describe('the login of the console', () => {
  it('may do what is declared, and nothing else to any table', async () => {
    expect(await rightsFaults(asService(url), withPlatform(CONSOLE_SCHEMA).rights)).toEqual([]);
  });

  it.each([
    `UPDATE session SET person = 'demo'`,
    `UPDATE session SET secret_hash = 'x'`,
    `UPDATE session SET ends_at = now() + interval '1 year'`,
    `UPDATE session SET created_at = now()`,
    'DELETE FROM session',
    `UPDATE login_attempt SET target = '//evil.example'`,
    'TRUNCATE session',
  ])('may not: %s', async (statement) => {
    await expect(service.query(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('invariants', () => {
  it('hold for valid rows, and check the rows', async () => {
    await live();
    await ended();

    expect(await checkInvariants(database, INVARIANTS)).toMatchObject({
      violations: [],
      populations: { sessions: 2, ended: 1 },
    });
  });

  it.each(Object.entries(PLANTED))('%s is found where it is broken', async (name, statements) => {
    await live();
    await ended();
    for (const statement of statements) await database.query(statement);

    const { violations } = await checkInvariants(database, INVARIANTS);

    expect(violations.map(({ invariant }) => invariant)).toEqual([
      expect.stringContaining(`${name}: `) as string,
    ]);
  });
});

describe('the database itself', () => {
  it.each([
    [
      'an ended session with tokens',
      ', tokens, ended_at, ended_by, ended_because',
      `, '{}', now(), 'x', 'idle'`,
    ],
    ['a live session without tokens', '', ''],
    ['an end without a cause', ', ended_at, ended_by', `, now(), 'x'`],
    ['an unknown cause', ', ended_at, ended_by, ended_because', `, now(), 'x', 'whim'`],
  ])('refuses %s', async (_what, columns, values) => {
    await expect(insert(columns, values)).rejects.toMatchObject({ code: '23514' });
  });
});
