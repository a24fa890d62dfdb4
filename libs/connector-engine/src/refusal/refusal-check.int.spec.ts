import { randomUUIDv7 } from 'node:crypto';
import { monotonicMs } from '@sluice/runtime';
import { rowsJson } from '@sluice/postgres';
import type { RefusalBasis, VenueAdapter } from '@sluice/connector-rules';
import { Amount } from '@sluice/kernel';
import { createLogger, Health } from '@sluice/service-shell';
import { eventually } from '@sluice/test-kit';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { VenueClock } from '../clock/venue-clock.js';
import { SubmissionLoops } from '../loops/submission-loops.js';
import { UnderWay } from '../loops/under-way.js';
import { RecordLookups, RecordSearch } from '../listing/record-search.js';
import { NO_ANSWER, submitCommand, TestQueue } from '../testkit/given-queue.js';
import { WorkerLeases } from '../loops/worker-lease.js';
import { FastFailover, RefusalCheck } from './refusal-check.js';
import { APPLY_REFUSALS } from './refusal-step.js';

const LOGGER = createLogger('test', 'silent');
const BOUND_MS = 900_000;
const PATIENCE = { withinMs: 20_000 };

/** A venue that has no record of anything, and answers for the whole time that it is asked about. */
const EMPTY: Pick<VenueAdapter, 'lookup' | 'list'> = {
  lookup: ({ from, to }) => Promise.resolve({ kind: 'not_found', covered: { from, to } }),
  list: ({ from, to }) =>
    Promise.resolve({ kind: 'page', records: [], last: true, covered: { from, to } }),
};

describe('the exposure of fast fail-over', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  const checks: RefusalCheck[] = [];
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterEach(async () => {
    await Promise.all(checks.splice(0).map(({ loop }) => loop.stop()));
    await queue.close();
  });
  afterAll(() => postgres.stop());

  const givenQueue = async (): Promise<void> => {
    const absence = { emptyLookups: 4, afterMs: BOUND_MS };
    queue = await TestQueue.start(postgres, { absence });
  };

  /** An instance that holds the lease, or believes so: all of a test have one owner, as when a process was frozen meanwhile. */
  const instance = (fastFailoverExposureEur = 10_000): void => {
    const clock = new VenueClock('testvenue', LOGGER);
    const [timeMs, nowMs] = [Date.now(), monotonicMs()];
    clock.observe({ timeMs, askedAtMs: nowMs, answeredAtMs: nowMs });
    const { service, unitOfWork, events, capabilities } = queue;
    const underWay = new UnderWay(service);
    const leases = new WorkerLeases(service, 'one owner');
    const loops = new SubmissionLoops(underWay, leases, LOGGER, new Health());
    const check = new RefusalCheck(
      new RecordLookups({ capabilities }, new RecordSearch(EMPTY, clock, service), loops),
      unitOfWork,
      events,
      new FastFailover(capabilities, { fastFailoverExposureEur }),
      LOGGER,
    );
    checks.push(check);
    check.loop.start();
  };

  /** Orders of 1,000 EUR each unless told otherwise, all refused by the venue. */
  const refused = async (
    count: number,
    {
      amount = '1000',
      basis = 'validation',
    }: { readonly amount?: string; readonly basis?: RefusalBasis } = {},
  ): Promise<string[]> => {
    const orders = Array.from({ length: count }, () => submitCommand(randomUUIDv7(), { amount }));
    await queue.take(...orders);
    await queue.outcome(await queue.claim('a'), {
      kind: 'refused',
      basis,
      reason: 'insufficient_venue_funds',
      venueCode: 'BALANCE_NOT_ENOUGH',
      message: 'not enough',
      evidence: NO_ANSWER,
    });
    return orders.map(({ data }) => data.withdrawalId);
  };
  const states = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await queue.database.query<{ state: string; count: number }>(
          'SELECT state, count(*)::int FROM submission GROUP BY 1',
        )
      ).map(({ state, count }) => [state, count]),
    );
  const end = (expected: Record<string, number>): Promise<void> =>
    eventually(async () => expect(await states()).toEqual(expected), PATIENCE);

  /** So many have been looked up in vain, and wait for the next look-up. */
  const looked = (count: number): Promise<void> =>
    eventually(
      async () =>
        expect(
          await queue.database.query(
            "SELECT FROM submission WHERE state = 'refusing' AND empty_lookups > 0 AND next_action_at > clock_timestamp()",
          ),
        ).toHaveLength(count),
      PATIENCE,
    );

  it('holds across instances: of forty refusals at once as many are released as it covers, the others need the full proof', async () => {
    await givenQueue();
    await refused(40);

    [1, 2, 3].forEach(() => instance());

    await end({ refused: 10, refusing: 30 });
    await looked(30);
    // The rows are visible a moment before the queue has noted the messages of their transaction.
    await eventually(() => {
      const types = queue.published.map(({ type }) => type);
      expect(types).toEqual(Array.from({ length: 10 }, () => 'submission-refused'));
    }, PATIENCE);
  });

  it('is decided under a lock: of twenty transactions at once, with an order each, ten release theirs', async () => {
    await givenQueue();
    const ids = await refused(20);
    const fast = new FastFailover(queue.capabilities, { fastFailoverExposureEur: 10_000 });
    const release = (withdrawalId: string): Promise<void> =>
      queue.unitOfWork.run(async (tx) => {
        const gross = Amount.of('1000', 'USDT.ETH');
        const worth = (await fast.permitted(tx, [{ withdrawalId, gross }])).get(withdrawalId);
        const kind = worth === undefined ? 'look_again' : 'nothing_found';
        const step = { withdrawal_id: withdrawalId, attempt: 1, lookups_before: 0, kind };
        const row = { ...step, released_eur: worth, covered: false, pause_ms: 60_000 };
        await tx.query(APPLY_REFUSALS, [rowsJson([row])]);
      });

    await Promise.all(ids.map(release));

    expect(await states()).toEqual({ refused: 10, refusing: 10 });
  });

  it('counts what was released until the absence bound has passed, also for another process', async () => {
    await givenQueue();
    const [first = ''] = await refused(1, { amount: '9500' });
    instance();
    await end({ refused: 1 });
    await Promise.all(checks.splice(0).map(({ loop }) => loop.stop()));

    instance();
    await refused(1);
    await looked(1);
    await end({ refused: 1, refusing: 1 });
    await queue.database.query(
      `UPDATE submission SET finished_at = finished_at - interval '901 seconds' WHERE withdrawal_id = $1`,
      [first],
    );
    await refused(1);
    await end({ refused: 2, refusing: 1 });
  });

  it.each([
    ['switched off with 0', 0, {}],
    ['not enough for one order above it', 10_000, { amount: '10000.000001' }],
  ])('is %s: the refusal needs the full proof', async (_why, exposure, order) => {
    await givenQueue();
    const [id = ''] = await refused(1, order);

    instance(exposure);

    await looked(1);
    expect(await states()).toEqual({ refusing: 1 });
    expect(queue.publishedOf(id)).toEqual([]);
  });

  it('covers no ambiguous refusal, which needs the full proof', async () => {
    await givenQueue();
    const [id = ''] = await refused(1, { basis: 'ambiguous' });

    instance();

    await looked(1);
    expect(await states()).toEqual({ refusing: 1 });
    expect(queue.publishedOf(id)).toEqual([]);
  });

  it('is not needed by the full proof, which ends no order with a record that may be its payment', async () => {
    await givenQueue();
    const [id = ''] = await refused(2);
    await queue.database.query(
      `UPDATE submission SET empty_lookups = 4, covering_lookups = 4, answered_at = answered_at - interval '1 hour',
              last_venue_time = last_venue_time - interval '1 hour', submitted_at = submitted_at - interval '1 hour',
              possible_records = CASE withdrawal_id WHEN $1 THEN '["w1"]'::jsonb END`,
      [id],
    );

    instance(0);

    await end({ refused: 1, undecided: 1 });
    const text = expect.stringMatching(/lists it no longer: w1$/) as string;
    expect(await queue.database.query('SELECT withdrawal_id, text FROM submission_case')).toEqual([
      { withdrawal_id: id, text },
    ]);
  });
});
