import { asOwner, asService, TEST_LOGIN, TEST_OWNER, withClient } from '@sluice/test-servers';
import { migrate } from '../schema/migrate.js';
import { PLATFORM_SCHEMA } from '../schema/schema.js';
import { givenDatabase } from '../testkit/given-database.js';
import { Database } from './database.js';

const FOREIGN = {
  TimeZone: 'America/New_York',
  DateStyle: 'German',
  IntervalStyle: 'sql_standard',
  extra_float_digits: '-3',
  standard_conforming_strings: 'off',
  bytea_output: 'escape',
  search_path: 'elsewhere',
  default_transaction_isolation: 'serializable',
  transform_null_equals: 'on',
} as const;

const SETTINGS = `
  SELECT s.name, current_setting(s.name) AS value FROM unnest($1::text[]) AS s (name) ORDER BY 1`;

describe('a session of a database with foreign settings', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  let name: string;
  beforeAll(async () => {
    db = await givenDatabase();
    await db.database.query(`ALTER TABLE note OWNER TO ${TEST_OWNER}`);
    name = new URL(db.url).pathname.slice(1);
    for (const [setting, value] of Object.entries(FOREIGN))
      await withClient(db.url, (client) =>
        client.query(`ALTER DATABASE ${name} SET ${setting} = '${value}'`),
      );
  });
  afterAll(() => db.stop());

  const expected = [
    { name: 'DateStyle', value: 'ISO, MDY' },
    { name: 'IntervalStyle', value: 'postgres' },
    { name: 'TimeZone', value: 'UTC' },
    { name: 'bytea_output', value: 'hex' },
    { name: 'default_transaction_isolation', value: 'read committed' },
    { name: 'extra_float_digits', value: '1' },
    { name: 'search_path', value: 'public' },
    { name: 'standard_conforming_strings', value: 'on' },
    { name: 'transform_null_equals', value: 'off' },
  ];

  it('has the settings of Sluice, for all accounts and for customers', async () => {
    const { database } = await db.start({ customerPoolSize: 1 });

    const rows = await database.query<Shown>(SETTINGS, [Object.keys(FOREIGN)]);

    expect([...rows].sort(byName)).toEqual([...expected].sort(byName));
    expect(await database.faults()).toEqual([]);
  });

  it('has them in migrations, and reads the same texts and instants', async () => {
    await migrate({ url: asOwner(db.url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA });
    const database = await Database.open({ url: asService(db.url), name: 'test' });

    const [row] = await database.query<{ at: Date; day: string; float: number; bytes: Buffer }>(
      `SELECT timestamptz '2026-07-01T02:00:00Z' AS at, date_trunc('day', timestamptz '2026-07-01T02:00:00Z')::text AS day, 0.1::float8 + 0.2 AS float, '\\x00ff'::bytea AS bytes`,
      [],
    );

    expect(row?.at.toISOString()).toBe('2026-07-01T02:00:00.000Z');
    expect(row?.day).toBe('2026-07-01 00:00:00+00');
    expect(row?.float).toBe(0.1 + 0.2);
    expect(row?.bytes).toEqual(Buffer.from([0, 255]));
    await database.close();
  });
});

describe('a database in another encoding', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => void (db = await givenDatabase()));
  afterAll(() => db.stop());

  it.each(['LATIN1', 'SQL_ASCII', 'EUC_JP'])(
    '%s is refused by migration and start, in one sentence with its remedy',
    async (encoding) => {
      const name = `${new URL(db.url).pathname.slice(1)}_${encoding.toLowerCase()}`;
      const url = new URL(db.url);
      url.pathname = `/${name}`;
      await db.database.query(
        `CREATE DATABASE ${name} OWNER ${TEST_OWNER} ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`,
      );
      const sentence = `the encoding of the database ${name} must be UTF8, it is ${encoding}: create an empty database with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and migrate it`;
      try {
        await expect(
          migrate({ url: asOwner(url.href), login: TEST_LOGIN, schema: PLATFORM_SCHEMA }),
        ).rejects.toThrow(sentence);
        await expect(Database.open({ url: asService(url.href), name: 'test' })).rejects.toThrow(
          sentence,
        );
      } finally {
        await db.database.query(`DROP DATABASE ${name} WITH (FORCE)`);
      }
    },
  );
});

interface Shown {
  readonly name: string;
  readonly value: string;
}

function byName({ name: one }: Shown, { name: other }: Shown): number {
  return one < other ? -1 : 1;
}
