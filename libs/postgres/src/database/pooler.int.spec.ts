import { asOwner, asService, TEST_LOGIN, TEST_OWNER } from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import { isInfrastructureFault, UnfitDatabaseError } from '../connection/faults.js';
import { migrate } from '../schema/migrate.js';
import { PLATFORM_SCHEMA } from '../schema/schema.js';
import { givenDatabase } from '../testkit/given-database.js';
import { HAS_PGBOUNCER, PgBouncer } from '../testkit/pgbouncer.js';
import { Database } from './database.js';
import { untilReachable } from './until-reachable.js';

const ONE_SESSION =
  /the setting \S+ of a session of the database \S+ does not last: a pooler before it gives one session to several clients; set pool_mode = session there/;

(HAS_PGBOUNCER ? describe : describe.skip)('PgBouncer before the database', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  let bouncer: PgBouncer | null = null;
  beforeAll(async () => {
    db = await givenDatabase();
    await db.database.query(`ALTER TABLE note OWNER TO ${TEST_OWNER}`);
  });
  afterEach(async () => {
    await bouncer?.stop();
    bouncer = null;
  });
  afterAll(() => db.stop());

  it.each<[string, readonly string[]]>([
    ['as installed', []],
    ['that resets no session', ['server_reset_query =']],
    ['that drops startup parameters', ['ignore_startup_parameters = extra_float_digits,options']],
  ])('in session mode, %s, carries settings, statements and notifications', async (_how, more) => {
    bouncer = await PgBouncer.before(db.url, 'session', more);
    const url = bouncer.through(db.url);
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA });
    const { database } = await db.start({ url, customerPoolSize: 1 });
    const received: string[] = [];
    await database.listen('news', (payload) => received.push(payload));
    await db.database.query(`NOTIFY news, 'one'`);

    const settings = await database.query(
      `SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS timeout, current_setting('sluice.account') AS account`,
      [],
    );

    expect(settings).toEqual([{ zone: 'UTC', timeout: '30s', account: '*' }]);
    await eventually(() => expect(received).toContain('one'));
    await database.close();
  });

  it.each(['transaction', 'statement'] as const)(
    'in %s mode is refused in one sentence, by service and migration',
    async (mode) => {
      bouncer = await PgBouncer.before(db.url, mode);
      const url = bouncer.through(db.url);

      await expect(
        untilReachable(
          () => Database.open({ url: asService(url), name: 'test', schema: PLATFORM_SCHEMA }),
          () => undefined,
        ),
      ).rejects.toThrow(ONE_SESSION);
      await expect(
        migrate({ url: asOwner(url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA }),
      ).rejects.toThrow(ONE_SESSION);
    },
  );

  it('that refuses a startup parameter of the URL is answered with the remedy, at once', async () => {
    bouncer = await PgBouncer.before(db.url, 'session');
    const url = `${asService(bouncer.through(db.url))}?options=${encodeURIComponent('-c jit=on')}`;

    const fault = await untilReachable(
      () => Database.open({ url, name: 'test' }),
      () => undefined,
    ).catch((error: unknown) => error);

    expect(fault).toBeInstanceOf(UnfitDatabaseError);
    expect(String(fault)).toContain('refuses the startup parameter options: remove options from');
    expect(isInfrastructureFault(fault)).toBe(true); // later, no work is set aside for it
  });
});
