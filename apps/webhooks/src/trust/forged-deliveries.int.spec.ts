import { eventually } from '@sluice/test-kit';
import { register } from 'prom-client';
import {
  ACCOUNT,
  aStep,
  givenWebhooks,
  migrated,
  type TestWebhooks,
} from '../testkit/given-webhooks.js';
import { Receiver } from '../testkit/receiver.js';

const PATIENCE = { withinMs: 30_000 };
const FORGED = '90071992547409';
const NOT_NULL = '23502';

describe('a row of a delivery', () => {
  let receiver: Receiver;
  let webhooks: TestWebhooks;
  let url: string;
  let id: string;
  beforeEach(async () => {
    receiver = await Receiver.start();
    url = await migrated();
    webhooks = await givenWebhooks(url);
    ({ id } = await webhooks.register({ url: receiver.url('/hook') }));
  });
  afterEach(async () => {
    await webhooks.close();
    await receiver.stop();
  });

  const counted = async (): Promise<number> =>
    (await register.getSingleMetric('sluice_forged_deliveries_total')?.get())?.values[0]?.value ??
    0;
  const insert = (seal = `''`) =>
    `INSERT INTO delivery (id, position, account_id, webhook_id, in_log, event, body, seal, status, next_attempt_at, created_at)
     VALUES (${FORGED}, 1, '${ACCOUNT}', '${id}', false, 'withdrawal.confirmed', '{"id":${FORGED},"event":"withdrawal.confirmed","data":{"amount":"999999"}}', ${seal}, 'pending', now(), now())`;
  const isRefused = () =>
    eventually(async () => {
      const forged = (await webhooks.deliveries()).find((one) => String(one.id) === FORGED);
      expect(forged).toMatchObject({ status: 'failed', attempt_count: 0 });
      return forged;
    }, PATIENCE);

  it("inserted by the service's own login is not sent, but marked and counted", async () => {
    const before = await counted();
    await webhooks.service.query(insert());

    const forged = await isRefused();

    expect(forged?.attempts).toMatchObject([{ error: 'forged_delivery', status: null }]);
    expect(await counted()).toBe(before + 1);
    expect(receiver.received).toEqual([]);
    expect(await webhooks.violations()).toEqual([]);
  });

  it('inserted so is refused again after each requeue, and stops no other delivery', async () => {
    await webhooks.service.query(insert());
    await isRefused();

    expect((await webhooks.ask('POST', `deliveries/${FORGED}/requeue`)).status).toBeLessThan(300);
    await eventually(async () => {
      const forged = (await webhooks.deliveries()).find((one) => String(one.id) === FORGED);
      expect(forged?.attempts).toHaveLength(2);
    }, PATIENCE);
    await webhooks.tell(aStep());

    await eventually(() => expect(receiver.received).toHaveLength(1), PATIENCE);
    expect(receiver.received[0]?.body).toContain('"amount":"100"');
  });

  it('with the seal of another delivery is not sent', async () => {
    await webhooks.tell(aStep());
    await eventually(() => expect(receiver.received).toHaveLength(1), PATIENCE);

    await webhooks.service.query(insert('(SELECT seal FROM delivery LIMIT 1)'));

    await isRefused();
    expect(receiver.received).toHaveLength(1);
  });

  it('changed by the owner of the tables is not sent', async () => {
    await webhooks.ask('POST', `webhooks/${id}/pause`);
    await webhooks.tell(aStep());
    await webhooks.database.query(`UPDATE delivery SET body = replace(body, '"100"', '"999999"')`);
    await webhooks.ask('POST', `webhooks/${id}/resume`);

    await eventually(
      async () => expect(await webhooks.deliveries()).toMatchObject([{ status: 'failed' }]),
      PATIENCE,
    );
    expect(receiver.received).toEqual([]);
  });

  it('without a seal is refused by the database, and no row loses its seal', async () => {
    for (const login of [webhooks.service, webhooks.database])
      await expect(login.query(insert('NULL'))).rejects.toMatchObject({ code: NOT_NULL });
    await webhooks.tell(aStep());
    await expect(webhooks.service.query(`UPDATE delivery SET seal = ''`)).rejects.toThrow(
      'permission denied',
    );
  });
});
