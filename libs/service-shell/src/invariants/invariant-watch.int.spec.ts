import { Database, migrate, PLATFORM_SCHEMA } from '@sluice/postgres';
import { asOwner, asService, TEST_LOGIN, testDatabase } from '@sluice/test-servers';
import { register } from 'prom-client';
import { monotonicMs } from '@sluice/runtime';
import { eventually } from '@sluice/test-kit';
import { Health } from '../platform/health.js';
import {
  startInvariantWatch,
  watcher,
  type InvariantWatch,
  type Violations,
} from './invariant-watch.js';

describe('the watch over the invariants', () => {
  let database: Database;
  let other: Database;
  beforeAll(async () => {
    const url = await testDatabase('watch');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA });
    database = await Database.open({ url: asService(url), name: 'test', schema: PLATFORM_SCHEMA });
    other = await Database.open({ url: asService(url), name: 'other' });
  });
  afterAll(async () => {
    await database.close();
    await other.close();
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

  /** A session of the same login holds the lock during the work. */
  const whileLocked = (work: () => Promise<void>) =>
    other.withClient(async (client) => {
      await client.query('SELECT pg_advisory_lock(7315010)');
      try {
        await work();
      } finally {
        await client.query('SELECT pg_advisory_unlock_all()');
      }
    });

  it('leaves a check to another instance at first, and keeps the violations known', async () => {
    const { look, state } = given();
    state.violations = [BROKEN];
    expect(await look()).toBe(true);
    await whileLocked(async () => expect(await look()).toBe(false));

    expect(await metric()).toEqual([['sums', 1]]);
    state.violations = [];
    expect(await look()).toBe(true);
    expect(state.looks).toBe(2);
  });

  it('reports a violation within two intervals while a session of the login holds the lock', async () => {
    const EVERY_MS = 3_000;
    const reported: Violations[] = [];
    const health = new Health();
    await whileLocked(async () => {
      const begunAt = monotonicMs();
      const loop = startInvariantWatch({
        database,
        health,
        logger: SILENT,
        watch: {
          everyMs: EVERY_MS,
          check: () => Promise.resolve([BROKEN]),
          onViolation: async (violations) => void reported.push(violations),
        },
      });
      await eventually(() => expect(reported).toEqual([[BROKEN]]), { withinMs: 10_000 });
      const tookMs = monotonicMs() - begunAt;
      await loop.stop();

      process.stdout.write(`noticed after ${(tookMs / 1_000).toFixed(1)} s\n`);
      expect(tookMs).toBeGreaterThan(EVERY_MS);
      expect(tookMs).toBeLessThan(2 * EVERY_MS);
    });
    expect(await health.indicators()[0]?.()).toMatchObject({
      checks: { status: 'up', lastCompleted: { invariants: expect.any(String) as string } },
    });
  });

  it('counts as missed if each check fails', async () => {
    const health = new Health();
    const loop = startInvariantWatch({
      database,
      health,
      logger: SILENT,
      watch: { everyMs: 200, check: ({ query }) => query('SELECT 1 / 0').then(() => []) },
    });
    await eventually(
      async () =>
        expect(await health.indicators()[0]?.()).toMatchObject({
          checks: {
            status: 'down',
            faults: [expect.stringContaining('the check "invariants" has not completed') as string],
          },
        }),
      { withinMs: 5_000 },
    );
    await loop.stop();
  });
});
