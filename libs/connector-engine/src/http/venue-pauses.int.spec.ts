import { createLogger } from '@sluice/service-shell';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { RatePlan } from '../rate/rate-plan.js';
import { givenTables, type TestTables } from '../testkit/given-tables.js';
import type { VenueAnswer } from './venue-http.js';
import { VenuePauses } from './venue-pauses.js';
import type { VenueSpeech } from './venue-speech.js';

const [PAY, LIST] = ['POST /pay', 'GET /list'] as const;
const SPEECH: VenueSpeech = {
  isOwn: () => true,
  limitedMs: ({ status }) => (status === 429 ? 4_000 : null),
};
const REQUEST = { endpoint: LIST, speech: SPEECH };
const page = (retryAfterMs = 0): VenueAnswer => ({
  kind: 'foreign',
  cause: 'status 403 with a page',
  status: 403,
  text: '<html>',
  retryAfterMs,
});
const answered = (status = 200): VenueAnswer => ({
  kind: 'answer',
  status,
  headers: {},
  text: '{}',
  json: {},
});

describe('the pauses of a venue', () => {
  let postgres: TestPostgres;
  let tables: TestTables;
  let plan: RatePlan;
  let pauses: VenuePauses;
  const { now } = performance;

  beforeAll(async () => {
    postgres = await withTestPostgres();
    tables = await givenTables(postgres, 'venue_pauses');
  });
  beforeEach(async () => {
    await tables.database.query('DELETE FROM rate_slot');
    const rule = { limit: 1_000, perMs: 1_000 };
    plan = new RatePlan(tables.service, { [PAY]: rule, [LIST]: rule });
    await plan.install();
    pauses = new VenuePauses(plan, createLogger('test', 'silent'), {
      venue: 'testvenue',
      forms: [{ submitEndpoint: PAY }] as never,
    });
  });
  afterEach(() => void (performance.now = now));
  afterAll(async () => {
    await tables.close();
    await postgres.stop();
  });

  const rows = () =>
    tables.database.query<{ endpoint: string; ms: number; cause: string | null; slow: boolean }>(
      `SELECT endpoint, greatest(0, extract(epoch FROM next_free_at - clock_timestamp()) * 1000)::float8 AS ms,
              CASE WHEN pause_until > clock_timestamp() THEN pause_cause END AS cause, slow_until > clock_timestamp() AS slow
         FROM rate_slot ORDER BY endpoint DESC`,
    );
  const pauseMs = async (): Promise<number> => Math.max(...(await rows()).map(({ ms }) => ms));

  it('stop every call at the first page, for two seconds, with the cause in the database', async () => {
    await pauses.received(REQUEST, page());

    for (const { ms, cause } of await rows()) {
      expect(ms).toBeGreaterThan(1_000);
      expect(ms).toBeLessThanOrEqual(2_000);
      expect(cause).toBe('status 403 with a page');
    }
    expect((await plan.reserve(PAY, 1)).count).toBe(0);
  });

  it('grow with each further page, not with the pages to calls made before the pause, and are bounded', async () => {
    let lateMs = 0;
    performance.now = () => now.call(performance) + lateMs;
    for (const expected of [2, 4, 8, 16, 32, 60, 60]) {
      await tables.database.query('UPDATE rate_slot SET next_free_at = now(), pause_until = NULL');
      await pauses.received(REQUEST, page());
      await pauses.received(REQUEST, page());

      const ms = await pauseMs();
      expect(ms).toBeGreaterThan(expected * 1_000 - 1_000);
      expect(ms).toBeLessThanOrEqual(expected * 1_000);
      lateMs += 61_000;
    }
  });

  it('last as long as the page asks for', async () => {
    await pauses.received(REQUEST, page(120_000));

    expect(await pauseMs()).toBeGreaterThan(119_000);
  });

  it('end with the first answer of the venue, which also makes the next pause short again', async () => {
    await pauses.received(REQUEST, page(30_000));
    await pauses.received(REQUEST, answered());

    expect((await plan.reserve(PAY, 1)).count).toBe(1);
    expect((await rows()).map(({ cause }) => cause)).toEqual([null, null]);

    await pauses.received(REQUEST, page());
    expect(await pauseMs()).toBeLessThanOrEqual(2_000);
  });

  it('leave a pause of another cause', async () => {
    await pauses.received(REQUEST, page());
    await plan.pauseAll(600_000, 'Bybit has blocked the IP address');

    await pauses.received(REQUEST, answered());

    expect(await pauseMs()).toBeGreaterThan(590_000);
    expect((await rows()).map(({ cause }) => cause)).toEqual([
      'Bybit has blocked the IP address',
      'Bybit has blocked the IP address',
    ]);
  });

  it('slow the records and the creation down when the records report too many requests', async () => {
    await pauses.received(REQUEST, answered(429));

    for (const { ms, slow } of await rows()) {
      expect(slow).toBe(true);
      expect(ms).toBeGreaterThan(2_000);
    }
  });

  it('leave the rate limit of a create to the outcome of the order', async () => {
    await pauses.received({ ...REQUEST, endpoint: PAY, pays: true }, answered(429));

    expect((await rows()).map(({ slow }) => slow)).toEqual([false, false]);
  });
});
