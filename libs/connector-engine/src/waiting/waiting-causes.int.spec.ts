import { register } from 'prom-client';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { WorkerLeases } from '../loops/worker-lease.js';
import { UnderWay } from '../loops/under-way.js';
import { RatePlan } from '../rate/rate-plan.js';
import { NO_ANSWER, QUIET, TestQueue } from '../testkit/given-queue.js';
import { WaitReports, WaitWatch } from './wait-watch.js';

const PAGE = 'status 403 with a page of a CDN';

describe('an order that waits', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => void (queue = await TestQueue.start(postgres)));
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const plan = () => new RatePlan(queue.service, {});
  const awaitedBy = async (id: string) => (await queue.views().submission(id))?.awaited;
  const given = async () => (await queue.submit(null))[0] ?? '';
  const turn = (ahead: number) =>
    expect.stringContaining(`its turn in the rate plan of the venue: ${ahead} `) as unknown;

  it('names the cause of a request that cannot be prepared, until the next try is over', async () => {
    const id = await given();
    await queue.instance('a').postpone([id], 60_000, 'the base fee is above the cap');
    expect(await awaitedBy(id)).toContain(
      'another try, because the order could not be sent: the base fee is above the cap',
    );

    await queue.database.query(
      `UPDATE submission SET next_action_at = clock_timestamp() - interval '6 seconds'`,
    );
    expect(await awaitedBy(id)).toEqual(turn(0));

    await queue.claim('a');
    const [row] = await queue.database.query('SELECT postponed_for FROM submission');
    expect(row).toEqual({ postponed_for: null });
  });

  it('names the cause of a request that was not sent', async () => {
    const id = await given();
    const evidence = NO_ANSWER;
    const cause = 'no connection';
    const outcome = { kind: 'not_sent', retryAfterMs: 30_000, cause, evidence } as const;
    await queue.outcome(await queue.claim('a'), outcome);

    expect(await awaitedBy(id)).toContain('could not be sent: no connection');
  });

  it('names the payment of its amount that a record without a recipient may be of', async () => {
    const first = await given();
    await queue.claim('a');
    const second = await given();
    await queue.database.query(
      `UPDATE submission SET equality_key = 'USDT 5 phone:1' WHERE withdrawal_id = $1`,
      [first],
    );
    await queue.database.query(
      `UPDATE submission SET lookup_first = true, equality_key = 'USDT 5 email:a' WHERE withdrawal_id = $1`,
      [second],
    );
    expect(await awaitedBy(second)).toContain('a look-up in the venue');

    await queue.database.query(
      `INSERT INTO unclaimed_record (venue_reference, form, equality_keys, amount_key, destination, gross, venue_status, created_at)
       SELECT 'v1', form, ARRAY['USDT 5 ?' || form], 'USDT 5', '', 5, 'DONE', now() FROM submission WHERE withdrawal_id = $1`,
      [second],
    );
    expect(await awaitedBy(second)).toContain(
      `that withdrawal ${first}, an equal payment (sending), is proven to be paid or not paid`,
    );
  });

  it('names a pause of its endpoint, and not a pause of another or one that has ended', async () => {
    const id = await given();
    await plan().pause('POST /pay', 60_000, PAGE);
    expect(await awaitedBy(id)).toMatch(/^the end of a pause of the venue until 2.*Z: status 403 /);

    await plan().endPause(PAGE);
    expect(await awaitedBy(id)).toEqual(turn(0));

    await queue.database.query(
      `INSERT INTO rate_slot (endpoint, interval_us) VALUES ('GET /list', 1)`,
    );
    await plan().pause('GET /list', 60_000, PAGE);
    expect(await awaitedBy(id)).toEqual(turn(0));
  });

  it('is counted by its cause, which is logged once per minute and reported once', async () => {
    await queue.submit(null, null, null);
    await queue.database.query(
      `UPDATE submission SET created_at = created_at - interval '11 seconds'`,
    );
    await given(); // sent soon: it does not wait yet
    await plan().pause('POST /pay', 60_000, PAGE);
    const lines: object[] = [];
    const logger = { ...QUIET, warn: (fields: object) => void lines.push(fields) };
    const leases = new WorkerLeases(queue.service, 'a');
    const reports = new WaitReports(queue.unitOfWork, queue.events, leases);
    const watch = new WaitWatch(new UnderWay(queue.service), queue.waiting(), reports, logger);

    for (let look = 0; look < 3; look++) await watch.look();

    expect(lines).toEqual([
      expect.objectContaining({ orders: 3, awaited: expect.stringContaining(PAGE) as unknown }),
    ]);
    const reported = queue.messages.filter(({ type }) => type === 'submission-waits');
    expect(reported.map(({ data }) => data['cause'])).toEqual(['pause', 'pause', 'pause']);
    const metrics = await register.getSingleMetricAsString('sluice_orders_waiting');
    expect(metrics).toContain('{cause="pause"} 3');
    expect(metrics).toContain('{cause="queue"} 0');
  });
});
