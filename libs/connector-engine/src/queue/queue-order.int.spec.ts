import { randomUUIDv7 } from 'node:crypto';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { submitCommand, TestQueue, NO_ANSWER, OPEN_GATE } from '../testkit/given-queue.js';
import { RatePlan } from '../rate/rate-plan.js';
import { UnknownSubmissions } from '../unknown/unknown-submissions.js';
import { ANY_ORDER } from '../testkit/given-tables.js';

const UNKNOWN = { kind: 'unknown', cause: 'time-out', evidence: NO_ANSWER } as const;

describe('the queue of a connector', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => void (queue = await TestQueue.start(postgres, { recovery: 'none' })));
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const begin = Date.now(); // an order that is older than a minute would be looked up before it is sent
  const orderedAt = (second: number) => new Date(begin + second * 1_000).toISOString();
  const order = (amount: number, second: number) =>
    submitCommand(randomUUIDv7(), { amount: String(amount), orderedAt: orderedAt(second) });
  const dueNow = async (limit: number) =>
    (await queue.instance('a').peek(queue.form, limit)).map(({ amount: nth }) => Number(nth));
  const awaitedBy = async (id: string) => (await queue.views().submission(id))?.awaited;

  it('goes by when each was ordered, whichever partition of the backlog came first', async () => {
    await queue.take(order(1, 10), order(2, 40), order(3, 50));
    await queue.take(order(4, 5), order(5, 20), order(6, 45));

    expect(await dueNow(100)).toEqual([4, 1, 5, 2, 6, 3]);
    expect(await dueNow(2)).toEqual([4, 1]);
  });

  it('an equal payment behind an undecided one waits and says for which; later ones are not held up by any number of those', async () => {
    const first = order(1, 1);
    await queue.take(first);
    await queue.outcome(await queue.claim('a'), UNKNOWN);
    await queue.database.query(`UPDATE submission SET next_action_at = clock_timestamp()`);
    const store = new UnknownSubmissions(
      queue.unitOfWork,
      queue.capabilities,
      queue.events,
      ANY_ORDER,
      OPEN_GATE,
    );
    for (const submission of await store.due(queue.form, 10))
      await store.apply([
        { submission, resolution: { kind: 'person_needed', cause: '?' }, possibleRecords: [] },
      ]);
    const equals = Array.from({ length: 30 }, (_, index) => order(1, 2 + index));
    await queue.take(...equals);
    const other = order(2, 59);
    await queue.take(other);

    expect(await dueNow(5)).toEqual([2]);
    expect(await awaitedBy(equals[0]?.data.withdrawalId ?? '')).toContain(
      `${first.data.withdrawalId}, an equal payment (undecided)`,
    );
    expect(await awaitedBy(other.data.withdrawalId)).toContain(
      'its turn in the rate plan of the venue: 30 are before it',
    );
  });

  it('a window full of equal payments lets one of them go and then all others', async () => {
    await queue.take(...Array.from({ length: 30 }, (_, index) => order(1, index)));
    await queue.take(order(2, 40), order(3, 41));

    const sent: number[] = [];
    for (let round = 0; round < 3; round++) {
      const due = await queue.instance('a').peek(queue.form, 5);
      const ready = due.map((one) => ({
        order: one,
        request: { form: queue.form.form, body: '{}', gross: one.amount, evidence: {} },
      }));
      await queue.instance('a').claim(ready, 60_000, new Date());
      sent.push(...due.map(({ amount: nth }) => Number(nth)));
    }

    expect(sent).toEqual([1, 2, 3]);
  });

  it('claims as many of the oldest as turns are reserved, in the transaction of the reservation', async () => {
    const plan = new RatePlan(queue.service, { 'POST /pay': { limit: 1, perMs: 60_000 } });
    await plan.install();
    await queue.take(order(1, 1), order(2, 2), order(3, 3));
    const claimNow = async (isLost = false) => {
      const due = await queue.instance('a').peek(queue.form, 5);
      const ready = due.map((one) => ({
        order: one,
        request: { form: queue.form.form, body: '{}', gross: one.amount, evidence: {} },
      }));
      const claims = await queue.instance('a').claim(ready, 60_000, new Date(), async (tx) => {
        const { count } = await plan.reserve('POST /pay', ready.length, tx);
        if (isLost) throw new Error('the transaction fails');
        return count;
      });
      return claims.map(({ withdrawalId }) =>
        due.find((one) => one.withdrawalId === withdrawalId)?.amount.toString(),
      );
    };

    await expect(claimNow(true)).rejects.toThrow('the transaction fails');
    expect(await claimNow()).toEqual(['1']); // the failed transaction has used no turn
    expect(await claimNow()).toEqual([]);
    expect(await dueNow(5)).toEqual([2, 3]);
  });

  it('finds the oldest by an index, however long the queue is', async () => {
    await queue.take(...Array.from({ length: 50 }, (_, index) => order(index + 1, index)));
    const plan = await queue.database.withClient(async (client) => {
      await client.query('BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off');
      const explained = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT FROM submission s WHERE s.form = 'pay' AND s.state = 'prepared' ORDER BY coalesce(s.ordered_at, s.created_at), s.seq LIMIT 5`,
      );
      await client.query('ROLLBACK');
      return explained.rows.map((row) => row['QUERY PLAN']).join('\n');
    });

    expect(plan).toContain('submission_queue');
    expect(plan).not.toContain('Sort');
  });
});
