import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { givenTables, type TestTables } from '../testkit/given-tables.js';
import { RatePlan } from './rate-plan.js';

let postgres: TestPostgres;
let tables: TestTables;

beforeAll(async () => {
  postgres = await withTestPostgres();
  tables = await givenTables(postgres, 'rate_plan');
});
beforeEach(() => tables.database.query('DELETE FROM rate_slot'));
afterAll(async () => {
  await tables.close();
  await postgres.stop();
});

async function givenPlans(limit: number, perMs: number, instances = 1): Promise<RatePlan[]> {
  const plans = Array.from(
    { length: instances },
    () => new RatePlan(tables.service, { 'POST /pay': { limit, perMs } }),
  );
  for (const plan of plans) await plan.install();
  return plans;
}

describe('the rate plan', () => {
  it('gives one call of a narrow plan to one of many askers', async () => {
    const plans = await givenPlans(1, 60_000, 8);

    const granted = await Promise.all(plans.map((plan) => plan.reserve('POST /pay', 5)));

    expect(granted.map(({ count }) => count).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    expect(Math.max(...granted.map(({ startsInMs }) => startsInMs))).toBeGreaterThan(59_000);
  });

  it('hands out many calls of a wide plan in one statement', async () => {
    const [plan] = await givenPlans(100_000, 1_000);

    expect((await plan?.reserve('POST /pay', 500))?.count).toBe(500);
  });

  it('never hands out more than the limit in its time, whoever asks', async () => {
    const plans = await givenPlans(100, 1_000, 4);
    const started = performance.now();
    const tookMs = () => performance.now() - started;
    let taken = 0;
    while (tookMs() < 900 || taken <= 50) {
      const granted = await Promise.all(plans.map((plan) => plan.reserve('POST /pay', 50)));
      for (const { count } of granted) taken += count;
    }

    expect(taken).toBeLessThanOrEqual(tookMs() / 10 + 10); // what 100 ms ahead may be reserved
  });

  it('goes at half the pace after a complaint, at a quarter after the next', async () => {
    const [plan] = await givenPlans(1, 1_000);
    const step = async (): Promise<number> => {
      const [row] = await tables.database.query<{ ms: number }>(
        `SELECT (extract(epoch FROM next_free_at - clock_timestamp()) * 1000)::float8 AS ms FROM rate_slot`,
      );
      return row?.ms ?? 0;
    };

    await plan?.slowDown('POST /pay', 0, 'too many');
    await plan?.reserve('POST /pay', 1);
    expect(await step()).toBeGreaterThan(1_020);
    await plan?.slowDown('POST /pay', 5_000, 'too many');
    expect((await plan?.reserve('POST /pay', 1))?.count).toBe(0);
  });

  it('keeps what others have reserved when a process starts anew', async () => {
    const [plan] = await givenPlans(1, 60_000);
    await plan?.reserve('POST /pay', 1);

    await plan?.install();

    expect((await plan?.reserve('POST /pay', 1))?.count).toBe(0);
  });

  it('makes nobody wait for a turn that is further away than they have time for', async () => {
    const [plan] = await givenPlans(1, 1_000);

    expect(await plan?.turnWithin('POST /pay', 0)).toBe(true);
    expect(await plan?.turnWithin('POST /pay', 20)).toBe(false);
    expect(await plan?.turnWithin('POST /pay', 5_000)).toBe(true);
  });

  it('stops nobody for longer than a pause of a venue, whatever time the login has stored', async () => {
    const [plan] = await givenPlans(1, 1_000);
    await tables.service.query(`UPDATE rate_slot SET next_free_at = '2036-01-01'`);
    expect(await plan?.turnWithin('POST /pay', 1_000)).toBe(false);

    const { now } = performance;
    performance.now = () => now.call(performance) + 661_000;
    try {
      await plan?.turn('POST /pay');
    } finally {
      performance.now = now;
    }

    expect(await plan?.turnWithin('POST /pay', 1_000)).toBe(false);
  });

  it('pauses as a whole where the venue turns us away as a whole', async () => {
    const plan = new RatePlan(tables.service, {
      'POST /pay': { limit: 100, perMs: 1 },
      'GET /list': { limit: 100, perMs: 1 },
    });
    await plan.install();

    await plan.pauseAll(60_000, 'a page');

    expect((await plan.reserve('POST /pay', 1)).count).toBe(0);
    expect(await plan.turnWithin('GET /list', 1_000)).toBe(false);
  });

  it('gives nobody a turn while a call is under way, and keeps the distance from its end', async () => {
    const [mine, other] = await givenPlans(1, 3_000, 2);
    await mine?.reserve('POST /pay', 1);

    const until = await mine?.occupy('POST /pay', 60_000);
    expect((await other?.reserve('POST /pay', 1))?.startsInMs).toBeGreaterThan(59_000);
    await mine?.vacate('POST /pay', until ?? '');

    const next = await other?.reserve('POST /pay', 1);
    expect(next?.count).toBe(0);
    expect(next?.startsInMs).toBeGreaterThan(2_000);
    expect(next?.startsInMs).toBeLessThan(3_061);
  });

  it('lets the end of a call shorten no pause that began meanwhile', async () => {
    const [plan] = await givenPlans(1, 300);
    const until = await plan?.occupy('POST /pay', 1_000);
    await plan?.pause('POST /pay', 60_000, 'a pause');

    await plan?.vacate('POST /pay', until ?? '');

    expect((await plan?.reserve('POST /pay', 1))?.startsInMs).toBeGreaterThan(59_000);
  });
});
