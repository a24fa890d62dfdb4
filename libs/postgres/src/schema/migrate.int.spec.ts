import { eventually } from '@sluice/test-kit';
import { asOwner, asService, TEST_LOGIN, testDatabase, withClient } from '@sluice/test-servers';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Database } from '../database/database.js';
import { migrate, PreviewDatabaseError } from './migrate.js';
import { NotMigratedError } from './not-migrated.js';
import { listRights, withPlatformRights } from './rights.js';
import { PLATFORM_SCHEMA, type DatabaseSchema } from './schema.js';

class SlowNumbers1797000000001 implements MigrationInterface {
  readonly name = 'SlowNumbers1797000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE number (n int)');
    await runner.query('SELECT pg_sleep(0.3)');
    await runner.query('INSERT INTO number VALUES (1)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE number');
  }
}

class Broken1797000000002 implements MigrationInterface {
  readonly name = 'Broken1797000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE half (n int)');
    await runner.query('SELECT no_such_function()');
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

class Column1797000000003 implements MigrationInterface {
  readonly name = 'Column1797000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '100ms'`);
    await runner.query('ALTER TABLE number ADD COLUMN note text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE number DROP COLUMN note');
  }
}

const NUMBERS: DatabaseSchema = {
  migrations: [SlowNumbers1797000000001],
  rights: { tables: { number: 'SELECT, INSERT, UPDATE (n)' } },
};

/** The next release: one further migration, and one further right. */
const WITH_NOTE: DatabaseSchema = {
  migrations: [...NUMBERS.migrations, Column1797000000003],
  rights: { tables: { number: 'SELECT, INSERT, UPDATE (n, note)' } },
};

describe('migrate', () => {
  let url: string;
  beforeEach(async () => void (url = await testDatabase('migrate')));

  const job = (schema: DatabaseSchema) => migrate({ url: asOwner(url), login: TEST_LOGIN, schema });
  const look = <R>(sql: string): Promise<R[]> =>
    withClient(url, async (client) => (await client.query(sql)).rows as R[]);
  const open = (schema: DatabaseSchema) =>
    Database.open({ url: asService(url), name: 'service', schema });

  it('applies each migration once, also when two jobs run at once, and may be repeated', async () => {
    const applied = await Promise.all([job(NUMBERS), job(NUMBERS), job(NUMBERS)]);

    expect(applied.flat().filter((name) => name === 'SlowNumbers1797000000001')).toHaveLength(1);
    expect(await look('SELECT n FROM number')).toEqual([{ n: 1 }]);
    expect(await job(NUMBERS)).toEqual([]);
  });

  it('tries again after a lock timeout, as behind a transaction of a busy service', async () => {
    await job(NUMBERS);
    const busy = withClient(url, async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE number');
      await client.query('SELECT pg_sleep(1)');
      await client.query('COMMIT');
    });
    await eventually(async () =>
      expect(await look(`SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock'`)).toHaveLength(1),
    );

    const applied = await job(WITH_NOTE);

    expect(applied).toEqual(['Column1797000000003']);
    await busy;
  });

  it('changes a filled table while the last release writes, and leaves each release its rights', async () => {
    await job(NUMBERS);
    await look('INSERT INTO number SELECT generate_series(2, 50000)');
    const last = await open(NUMBERS);
    const ended = new AbortController();
    let written = 0;
    const write = async (): Promise<void> => {
      while (!ended.signal.aborted) {
        await last.query('INSERT INTO number VALUES (0)');
        written += 1;
      }
    };
    const writers = [write(), write(), write(), write()];
    await eventually(() => Promise.resolve(expect(written).toBeGreaterThan(0)));

    const applied = await job(WITH_NOTE);

    const before = written;
    await eventually(() => Promise.resolve(expect(written).toBeGreaterThan(before)));
    ended.abort();
    await Promise.all(writers);
    expect(applied).toEqual(['Column1797000000003']);
    expect(await look('SELECT count(*)::int AS rows FROM number')).toEqual([
      { rows: 50_000 + written },
    ]);
    const next = await open(WITH_NOTE);
    await next.query(`UPDATE number SET note = 'new' WHERE n = 1`);
    await last.query('UPDATE number SET n = 1 WHERE n = 2');
    expect(await look(`SELECT n FROM number WHERE note = 'new'`)).toEqual([{ n: 1 }]);
    await Promise.all([last.close(), next.close()]);
  });

  it('leaves nothing of a migration that fails, and no connection either', async () => {
    await expect(
      job({ migrations: [Broken1797000000002], rights: { tables: {} } }),
    ).rejects.toThrow('no_such_function');

    expect(await look(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
    await eventually(async () =>
      expect(
        await look(
          `SELECT FROM pg_stat_activity WHERE application_name = 'migrate' AND datname = current_database()`,
        ),
      ).toEqual([]),
    );
  });

  it('refuses the database of a preview, which has no baseline, and changes nothing in it', async () => {
    await withClient(asOwner(url), (client) =>
      client.query(
        `CREATE TABLE migrations (id serial PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL);
         INSERT INTO migrations (timestamp, name) VALUES (1763600000000, 'PlatformTables1763600000000')`,
      ),
    );

    await expect(job(PLATFORM_SCHEMA)).rejects.toThrow(PreviewDatabaseError);

    expect(await look(`SELECT to_regclass('outbox') AS outbox`)).toEqual([{ outbox: null }]);
  });

  it('takes back what a login has and the new release does not name', async () => {
    await job(NUMBERS);
    await job({ ...NUMBERS, rights: { tables: { number: 'SELECT' } } });

    const service = await open(PLATFORM_SCHEMA);
    await expect(service.query('INSERT INTO number VALUES (2)')).rejects.toMatchObject({
      code: '42501',
    });
    await service.close();
  });

  it('leaves what a newer release has given, when an older one is repeated on the way back', async () => {
    await job(NUMBERS);
    await job(PLATFORM_SCHEMA);

    const service = await open(NUMBERS);
    await service.query('INSERT INTO number VALUES (2)');
    await service.close();
  });

  it('gives no rights to the owner in place of a login of the service', async () => {
    await expect(
      migrate({ url: asOwner(url), login: new URL(asOwner(url)).username, schema: NUMBERS }),
    ).rejects.toThrow('the service has to have a login of its own');
  });

  describe('for a service that starts', () => {
    it('is missed, with a sentence that names what is missing and what to run', async () => {
      await expect(open(NUMBERS)).rejects.toThrow(
        /^it lacks PlatformTables1797000000000, SlowNumbers1797000000001: run this release's dist\/migrate\.js/,
      );
      await job(PLATFORM_SCHEMA);
      await expect(open(NUMBERS)).rejects.toThrow('it lacks SlowNumbers1797000000001: run');
    });

    it('is missed while the rights of its login are not given', async () => {
      await job({ ...NUMBERS, rights: { tables: { number: 'SELECT' } } });

      const opening = open(NUMBERS);

      await expect(opening).rejects.toBeInstanceOf(NotMigratedError);
      await expect(opening).rejects.toThrow(
        'it does not let this login INSERT on number, UPDATE on number (n): run',
      );
    });

    it('of an older release is no hindrance when it is newer', async () => {
      await job(NUMBERS);
      await (await open(PLATFORM_SCHEMA)).close();
    });
  });
});

describe('rights', () => {
  it('are listed one by one', () => {
    expect(
      listRights({
        tables: { one: 'SELECT, UPDATE (a, b), DELETE' },
        sequences: ['s'],
        functions: ['f(text, integer)'],
      }).map(({ verb, name, column }) => `${verb} ${name} ${column ?? ''}`.trim()),
    ).toEqual([
      'SELECT one',
      'UPDATE one a',
      'UPDATE one b',
      'DELETE one',
      'USAGE s',
      'EXECUTE f(text, integer)',
    ]);
  });

  it('of a service stand beside those that every service has', () => {
    expect(withPlatformRights({ tables: { mine: 'SELECT' } }).tables).toMatchObject({
      mine: 'SELECT',
      inbox: 'SELECT, INSERT',
    });
  });
});
