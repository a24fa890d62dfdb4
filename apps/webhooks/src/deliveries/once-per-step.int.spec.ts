import { eventually } from '@sluice/test-kit';
import { withClient } from '@sluice/test-servers';
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

/** Events of a paid withdrawal. */
function stepsOf(accountId?: string): readonly WithdrawalStep[] {
  const { withdrawalId, number } = aStep().data;
  const same = { withdrawalId, number, ...(accountId !== undefined && { accountId }) };
  const broadcastAt = EARLIER;
  return [
    aStep({ ...same, sequence: 1, type: 'withdrawal.submitting.v1' }),
    aStep({ ...same, sequence: 2, type: 'withdrawal.broadcast.v1', broadcastAt, at: EARLIER }),
    aStep({ ...same, sequence: 3, type: 'withdrawal.completed.v1', broadcastAt, at: LATER }),
  ];
}

describe('the steps of a withdrawal', () => {
  let receiver: Receiver;
  let webhooks: TestWebhooks;
  let url: string;
  beforeEach(async () => {
    receiver = await Receiver.start();
    url = await migrated();
    webhooks = await givenWebhooks(url);
  });
  afterEach(() => receiver.stop());

  const received = (count: number) =>
    eventually(async () => {
      const all = await webhooks.deliveries();
      expect(all.filter(({ status }) => status === 'delivered')).toHaveLength(count);
      expect(receiver.received).toHaveLength(count);
    }, PATIENCE);
  const statuses = async () => (await webhooks.deliveries()).map(({ status }) => status);
  const missing = async (): Promise<number> =>
    (await register.getSingleMetric('sluice_webhook_missing_steps_total')?.get())?.values[0]
      ?.value ?? 0;
  it('write a row for each event and webhook, and no second write where the receiver answers at once', async () => {
    await webhooks.register({ url: receiver.url('/hook'), events: EVENTS });
    await webhooks.tell(...stepsOf()); // learns the endpoint: the first deliveries are sent after the commit
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
      expect(rows).toContainEqual(expect.objectContaining({ name: 'delivery' }));
      return rows as readonly { readonly name: string }[];
    }, PATIENCE);
    expect(counts.filter(({ name }) => STEP_TABLES.includes(name))).toEqual([
      { name: 'delivery', inserted: 42, updated: 4 }, // 2 claims and outcomes of the first withdrawal
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

  it('take effect once in two instances at the same time', async () => {
    const other = await givenWebhooks(url);
    await webhooks.register({ url: receiver.url('/hook'), events: EVENTS });
    await Promise.all([webhooks, other].map((one) => one.tell(...stepsOf())));
    await received(4);
    const steps = stepsOf();

    await Promise.all([webhooks.tell(...steps), other.tell(...steps)]);

    await eventually(
      async () => expect(await statuses()).toEqual(Array(6).fill('delivered')),
      PATIENCE,
    );
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(6);
    await Promise.all([webhooks.close(), other.close()]);
  });

  it('are sent again with the same number and bytes where the rows could not be stored', async () => {
    await webhooks.register({ url: receiver.url('/hook'), events: EVENTS });
    await webhooks.tell(...stepsOf());
    await received(2);
    const steps = stepsOf();
    await webhooks.database.query(
      'ALTER TABLE delivery ADD CONSTRAINT refused CHECK (false) NOT VALID',
    );
    await expect(webhooks.tell(...steps)).rejects.toThrow('refused');
    await webhooks.database.query('ALTER TABLE delivery DROP CONSTRAINT refused');
    expect(receiver.received).toHaveLength(4);

    await webhooks.tell(...steps);

    await eventually(
      async () => expect(await statuses()).toEqual(Array(4).fill('delivered')),
      PATIENCE,
    );
    expect(receiver.received).toHaveLength(6);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(4);
    await webhooks.close();
  });

  it('get the next number where another row has theirs', async () => {
    await webhooks.register({ url: receiver.url('/hook') });
    const [step] = stepsOf().slice(-1);
    if (step) await webhooks.tell(step);
    await received(1);
    const [first] = await webhooks.deliveries();
    await webhooks.database.query(
      `UPDATE delivery SET step_id = 'another', withdrawal = NULL, client_reference = NULL`,
    );

    if (step) await webhooks.tell(step);

    await received(2);
    expect((await webhooks.deliveries()).map(({ id }) => id)).toEqual([
      first?.id,
      (first?.id ?? 0) + 1,
    ]);
    expect(await webhooks.violations()).toEqual([]);
    await webhooks.close();
  });

  it('are counted as missing where a broadcast was never published', async () => {
    const before = await missing();
    const steps = stepsOf();
    await webhooks.tell(...steps.filter(({ type }) => type !== 'withdrawal.broadcast.v1'));
    expect(await missing()).toBe(before + 1);

    await webhooks.tell(...steps);
    await webhooks.tell(...stepsOf());

    expect(await missing()).toBe(before + 1);
    await webhooks.close();
  });
});

const STEP_TABLES = ['delivery', 'delivery_attempt'];
const COUNTS = `
  SELECT relname AS name, n_tup_ins::integer AS inserted, n_tup_upd::integer AS updated FROM pg_stat_user_tables
   WHERE n_tup_ins + n_tup_upd > 0 ORDER BY relname`;
