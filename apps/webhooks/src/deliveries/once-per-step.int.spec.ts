import { randomUUID } from 'node:crypto';
import { onceInOrder } from '@sluice/consumer-kit';
import { eventually } from '@sluice/test-kit';
import { withClient, withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import type { WithdrawalStep } from '../events/event-body.js';
import { aStep, givenWebhooks, migrated, type TestWebhooks } from '../testkit/given-webhooks.js';
import { Receiver } from '../testkit/receiver.js';
import { register } from 'prom-client';

const PATIENCE = { withinMs: 60_000 };
const EARLIER = '2026-11-20T08:09:00.040Z';
const LATER = '2026-11-20T08:09:01.040Z';
const EVENTS = ['withdrawal.broadcasted', 'withdrawal.confirmed'];
/** Account without a webhook. */
const OTHER = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b77';

/** Steps of a paid withdrawal. */
function stepsOf(accountId?: string): readonly WithdrawalStep[] {
  const { withdrawalId, number } = aStep().data;
  const same = { withdrawalId, number, ...(accountId !== undefined && { accountId }) };
  const broadcastAt = EARLIER;
  return [
    aStep({ ...same, sequence: 1, type: 'withdrawal.requested.v1' }),
    aStep({ ...same, sequence: 2, type: 'withdrawal.submitting.v1' }),
    aStep({ ...same, sequence: 3, type: 'withdrawal.submitted.v1' }),
    aStep({ ...same, sequence: 4, type: 'withdrawal.capturing.v1', broadcastAt, at: EARLIER }),
    aStep({ ...same, sequence: 5, type: 'withdrawal.completed.v1', broadcastAt, at: LATER }),
  ];
}

describe('the steps of a withdrawal', () => {
  let postgres: TestPostgres;
  let receiver: Receiver;
  let webhooks: TestWebhooks;
  let url: string;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    receiver = await Receiver.start();
    url = await migrated(await postgres.createDatabase('webhooks'));
    webhooks = await givenWebhooks(url);
  });
  afterEach(() => receiver.stop());

  const received = (count: number) =>
    eventually(async () => {
      const all = await webhooks.deliveries();
      expect(all.filter(({ status }) => status === 'delivered')).toHaveLength(count);
      expect(receiver.received).toHaveLength(count);
    }, PATIENCE);
  const missing = async (): Promise<number> =>
    (await register.getSingleMetric('sluice_webhook_missing_steps_total')?.get())?.values[0]
      ?.value ?? 0;
  /** Claims a step as 0.3.0 does, in a transaction that `work` may delay. */
  const claimedBy030 = (
    step: WithdrawalStep,
    work: () => Promise<unknown> = async () => undefined,
  ) =>
    withClient(url, async (client) => {
      const { id, data } = step;
      const event = { id, subject: data.withdrawalId, sequence: data.sequence, isEveryStep: true };
      await client.query('BEGIN');
      const sorted = await onceInOrder(client, 'webhooks', [event]);
      await work();
      await client.query('COMMIT');
      return sorted.fresh.length + sorted.late.length;
    });

  it('write a row for each event and each delivery, and update each delivery once', async () => {
    await webhooks.register({ url: receiver.url('/hook'), events: EVENTS });
    await webhooks.tell(...stepsOf()); // learns the endpoint: the first claims are separate
    await received(2);
    for (let round = 0; round < 10; round++) {
      for (const step of stepsOf()) await webhooks.tell(step);
      await webhooks.tell(...stepsOf(OTHER));
    }
    await received(22);
    expect(await webhooks.violations()).toEqual([]);
    await webhooks.close(); // the server counts rows at the end of a session

    const counts = await eventually(async () => {
      const rows = await withClient(url, async (client) => (await client.query(COUNTS)).rows);
      expect(rows).toContainEqual(expect.objectContaining({ name: 'account_event' }));
      return rows as readonly { readonly name: string }[];
    }, PATIENCE);
    expect(counts.filter(({ name }) => STEP_TABLES.includes(name))).toEqual([
      { name: 'account_event', inserted: 42, updated: 0 },
      { name: 'delivery', inserted: 22, updated: 24 }, // 2 claims of the first withdrawal
    ]);
  });

  it('take effect once, however often and in whatever batches they arrive', async () => {
    await webhooks.register({ url: receiver.url('/hook'), events: EVENTS });
    const steps = stepsOf();

    await webhooks.tell(...steps, ...steps);
    await Promise.all([webhooks.tell(...steps), webhooks.tell(...steps)]);
    await received(2);

    await webhooks.close();
  });

  it('that 0.3.0 has taken take effect no second time, and the other way round', async () => {
    await webhooks.register({ url: receiver.url('/hook') });
    const [old, recent] = [aStep(), aStep()];

    expect(await claimedBy030(old)).toBe(1);
    await webhooks.tell(old, recent);
    await received(1);

    expect(await claimedBy030(recent)).toBe(0);
    await webhooks.close();
  });

  it('that 0.3.0 is taking take effect no second time', async () => {
    await webhooks.register({ url: receiver.url('/hook') });
    const step = aStep();
    let notified: Promise<void> = Promise.resolve();

    const claimed = await claimedBy030(step, async () => {
      notified = webhooks.tell(step, aStep());
      await new Promise((done) => setTimeout(done, 300));
    });
    await notified;
    await received(1);

    expect(claimed).toBe(1);
    await webhooks.close();
  });

  it('are counted as missing where a broadcast was never published', async () => {
    const before = await missing();
    const steps = stepsOf();
    await webhooks.tell(...steps.filter(({ type }) => type !== 'withdrawal.capturing.v1'));
    expect(await missing()).toBe(before + 1);

    await webhooks.tell(...steps);
    await webhooks.tell(...stepsOf());

    expect(await missing()).toBe(before + 1);
    await webhooks.close();
  });

  it('leave a delivery of 0.3.0 to be sent here, with its number', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/hook') });
    await webhooks.database.query('ALTER TABLE delivery DISABLE TRIGGER new_delivery_needs_seal');
    const number = 4_711;
    const body = `{"id":${number},"event":"withdrawal.confirmed","data":{"of":"${randomUUID()}"}}`;
    await webhooks.database.query(
      `INSERT INTO delivery (id, webhook_id, event, body, next_attempt_at, created_at, predates_seals) VALUES ($1, $2, 'withdrawal.confirmed', $3, now(), now(), true)`,
      [number, id, body],
    );

    await received(1);

    expect(receiver.received[0]).toMatchObject({ body, headers: { 'webhook-id': '4711' } });
    await webhooks.close();
  });
});

const STEP_TABLES = [
  'account_event',
  'delivery',
  'delivery_attempt',
  'consumer_inbox',
  'consumer_position',
];
const COUNTS = `
  SELECT relname AS name, n_tup_ins::integer AS inserted, n_tup_upd::integer AS updated FROM pg_stat_user_tables
   WHERE n_tup_ins + n_tup_upd > 0 ORDER BY relname`;
