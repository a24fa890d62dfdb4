import { Database, migrate, PLATFORM_SCHEMA } from '@sluice/postgres';
import {
  asOwner,
  asService,
  TEST_LOGIN,
  withTestPostgres,
  type TestPostgres,
} from '@sluice/test-servers';
import { register } from 'prom-client';
import { watcher, type InvariantWatch, type Violations } from './invariant-watch.js';

describe('the watch over the invariants', () => {
  let postgres: TestPostgres;
  let database: Database;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    const url = await postgres.createDatabase('watch');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA });
    database = await Database.open({ url: asService(url), name: 'test', schema: PLATFORM_SCHEMA });
  });
  afterAll(async () => {
    await database.close();
    await postgres.stop();
  });

  const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined };
  const BROKEN = { invariant: 'sums: they add up', rows: [{ off_by: '1' }] };

  function given() {
    const logged: string[] = [];
    const acted: Violations[] = [];
    const state = { violations: [] as Violations, looks: 0 };
    const log = (level: string) => (_fields: object, text: string) =>
      void logged.push(`${level}: ${text}`);
    const look = watcher({
      database,
      logger: { error: log('error'), warn: log('warn'), info: log('info') },
      watch: {
        check: () => {
          state.looks += 1;
          return Promise.resolve(state.violations);
        },
        onViolation: async (violations) => void acted.push(violations),
      },
    });
    return { look, logged, acted, state };
  }
  const metric = async () =>
    (await register.getSingleMetric('sluice_invariant_violations')?.get())?.values.map(
      ({ labels, value }) => [labels['invariant'], value],
    );

  it('tells of a violation once while it lasts, counts it, and acts each time', async () => {
    const { look, logged, acted, state } = given();
    await look();
    expect([logged, acted, await metric()]).toEqual([[], [], []]);

    state.violations = [BROKEN];
    await look();
    await look();
    expect(logged).toEqual(['error: an invariant is violated']);
    expect(acted).toEqual([[BROKEN], [BROKEN]]);
    expect(await metric()).toEqual([['sums', 1]]);

    state.violations = [];
    await look();
    expect(logged).toEqual(['error: an invariant is violated', 'info: an invariant holds again']);
    expect(await metric()).toEqual([]);
  });

  it.each([
    [true, 'repeatable read'],
    [false, 'read committed'],
  ])('sees one moment with all queries: %s', async (atOneMoment, isolation) => {
    const seen: unknown[] = [];
    const check: InvariantWatch['check'] = async ({ query }) => {
      seen.push(...(await query('SHOW transaction_isolation')));
      return [];
    };
    await watcher({ database, logger: SILENT, watch: { check, atOneMoment } })();
    expect(seen).toEqual([{ transaction_isolation: isolation }]);
  });

  it('looks in one instance at a time', async () => {
    const { look, state } = given();
    await database.withClient(async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock(7315010)');
      await look();
      await client.query('ROLLBACK');
    });
    expect(state.looks).toBe(0);
    await look();
    expect(state.looks).toBe(1);
  });
});
