import { randomUUIDv7 } from 'node:crypto';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { submitCommand, TestQueue } from '../testkit/given-queue.js';
import type { SubmitCommand } from './venue-command.js';

const [EARLIER, LATER] = ['2026-11-20T08:00:00.000Z', '2026-11-20T09:00:00.000Z'];

describe('an order delivered more than once', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    queue = await TestQueue.start(postgres);
  });
  afterAll(async () => {
    await queue.close();
    await postgres.stop();
  });
  const claimed = async ({ id }: SubmitCommand) =>
    (await queue.database.query('SELECT FROM inbox WHERE message_id = $1', [id])).length;
  const storedOf = ({ data: { withdrawalId } }: SubmitCommand) =>
    queue.database.query(
      `SELECT to_jsonb(s) - 'next_action_at' AS row FROM submission s WHERE withdrawal_id = $1`,
      [withdrawalId],
    );
  const casesOf = ({ data: { withdrawalId } }: SubmitCommand) =>
    queue.database.query('SELECT kind FROM submission_case WHERE withdrawal_id = $1', [
      withdrawalId,
    ]);
  const set = (order: SubmitCommand, columnsSql: string) =>
    queue.database.query(`UPDATE submission SET ${columnsSql} WHERE withdrawal_id = $1`, [
      order.data.withdrawalId,
    ]);
  const accept = (order: SubmitCommand) =>
    set(order, `state = 'accepted', venue_reference = withdrawal_id, accepted_at = now()`);

  it('is stored once without an inbox row, and the second delivery changes and publishes nothing', async () => {
    const order = submitCommand(randomUUIDv7());
    await queue.take(order, order);
    await accept(order);
    const stored = await storedOf(order);

    await queue.take(order);
    await Promise.all([queue.take(order), queue.take(order)]);

    expect(stored).toHaveLength(1);
    expect(await storedOf(order)).toEqual(stored);
    expect(queue.publishedOf(order.data.withdrawalId)).toEqual([]);
    expect(await claimed(order)).toBe(0);
  });

  it('is delivered again after an outage, and confirms nothing: intake-api may not want it any more', async () => {
    const order = submitCommand(randomUUIDv7());
    await queue.take(order);
    await set(order, 'unconfirmed = true');

    await queue.take(order);
    expect(await storedOf(order)).toMatchObject([{ row: { unconfirmed: true } }]);

    await queue.take({ ...order, id: randomUUIDv7() });
    expect(await storedOf(order)).toMatchObject([{ row: { unconfirmed: false } }]);
  });

  it('ordered again under another id is answered once, however often that is delivered', async () => {
    const order = submitCommand(randomUUIDv7());
    await queue.take(order);
    await accept(order);
    const again = { ...order, id: randomUUIDv7() };

    await queue.take(again);
    await queue.take(order, again);
    await Promise.all([queue.take(again), queue.take(again)]);

    expect(queue.publishedOf(order.data.withdrawalId)).toEqual(['submission-accepted']);
    expect(await claimed(again)).toBe(1);
  });

  it('with another content under its id is never taken and opens a case', async () => {
    const order = submitCommand(randomUUIDv7(), { amount: '3' });
    await queue.take(order);
    const { data } = submitCommand(order.data.withdrawalId, { amount: '4' });

    await queue.take({ ...order, data });

    expect(await casesOf(order)).toEqual([{ kind: 'order_not_as_stored' }]);
    expect(await storedOf(order)).toMatchObject([{ row: { amount: 3 } }]);
  });

  it('is absorbed even when its submission was handed over to another withdrawal', async () => {
    const terms = {
      accountId: randomUUIDv7(),
      clientReference: `c${randomUUIDv7().replaceAll('-', '').slice(-22)}1`,
    };
    const first = submitCommand(randomUUIDv7(), { ...terms, orderedAt: EARLIER });
    const second = submitCommand(randomUUIDv7(), { ...terms, orderedAt: LATER });
    await queue.take(first);
    await queue.take(second);

    await queue.take(first, second);

    expect(queue.publishedOf(first.data.withdrawalId)).toEqual([]);
    expect([await casesOf(first), await casesOf(second)]).toEqual([[], [{ kind: 'handed_over' }]]);
    expect(await storedOf(second)).toHaveLength(1);
  });
});
