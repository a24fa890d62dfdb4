import { randomUUIDv7 } from 'node:crypto';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { VenueClock } from '../clock/venue-clock.js';
import { FORM, givenCeilings, QUIET, submitCommand, TestQueue } from '../testkit/given-queue.js';
import { VenueView } from './venue-view.js';

const BALANCE = `
  INSERT INTO venue_balance (currency, total, expected, counted_to, exact_at, read_at)
  VALUES ('USDT', 1234567890123456789.000000000000000001, 5, now(), now(), '2026-11-30T12:00:00Z')`;
const SENT = `
  UPDATE sending SET sums = jsonb_build_object('USDT.ETH', jsonb_build_object(
    'hour', date_trunc('hour', clock_timestamp(), 'UTC'), 'hour_amount', 7.5,
    'day', date_trunc('day', clock_timestamp(), 'UTC'), 'day_amount', 12))`;

describe('the view of a venue', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  const clock = new VenueClock('testvenue', QUIET);
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => void (queue = await TestQueue.start(postgres)));
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const view = () =>
    new VenueView(
      queue.service,
      givenCeilings([FORM], { USDT: { hour: '7', day: '20' } }),
      clock,
      queue.capabilities,
    ).read();

  it('has every digit of a balance, and no answer before the first', async () => {
    await queue.database.query(BALANCE);

    expect(await view()).toMatchObject({
      venue: queue.capabilities.venue,
      last_answer_at: null,
      balances: [
        {
          currency: 'USDT',
          total: '1234567890123456789.000000000000000001',
          expected: '5',
          read_at: '2026-11-30T12:00:00.000Z',
        },
      ],
      pauses: [],
      queues: [],
    });
  });

  it('has what each ceiling still allows, never less than nothing', async () => {
    await queue.database.query(SENT);

    const { limits } = await view();

    const ofUsdt = limits.filter(({ asset, span }) => asset === 'USDT.ETH' && span !== 'call');
    expect(ofUsdt).toEqual([
      { asset: 'USDT.ETH', span: 'hour', limit: '7', sent: '7.5', remaining: '0' },
      { asset: 'USDT.ETH', span: 'day', limit: '20', sent: '12', remaining: '8' },
    ]);
  });

  it('counts what has not ended by state, with the oldest', async () => {
    await queue.take(submitCommand(randomUUIDv7(), {}), submitCommand(randomUUIDv7(), {}));

    const { queues } = await view();

    expect(queues).toEqual([{ state: 'prepared', count: 2, oldest_at: expect.any(String) }]);
  });

  it('names a pause with its cause and end', async () => {
    await queue.database.query(
      `INSERT INTO rate_slot (endpoint, interval_us, pause_cause, pause_until)
       VALUES ('POST /pay', 1000, '403 of another party', clock_timestamp() + interval '1 minute')
       ON CONFLICT (endpoint) DO UPDATE SET pause_cause = EXCLUDED.pause_cause, pause_until = EXCLUDED.pause_until`,
    );

    const { pauses } = await view();

    expect(pauses).toEqual([
      { endpoint: 'POST /pay', cause: '403 of another party', until: expect.any(String) },
    ]);
  });

  it('states when the venue answered last', async () => {
    const now = performance.now();
    clock.observe({ timeMs: Date.now(), askedAtMs: now, answeredAtMs: now });

    expect((await view()).last_answer_at).toMatch(/^\d{4}-\d\d-\d\dT/);
  });
});
