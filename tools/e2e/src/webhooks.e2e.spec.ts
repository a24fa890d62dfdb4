import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreatedWebhookDto, DeliveryDto, DeliveryHistoryDto } from '@sluice/http-api';
import { layoutOf, WebhookReceiver, type ReceivedWebhook, freshTimestamp } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { getAddress } from 'viem';
import type { Answer } from './testkit/api-client.js';
import { freshAddress, numberOf, toAddress, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';

const EVENTS = ['withdrawal.broadcasted', 'withdrawal.confirmed', 'withdrawal.failed'];
const PERMISSIONS = [
  'withdraw',
  'read_withdrawal_status',
  'read_balance',
  'manage_webhooks',
] as const;
/** The second attempt comes a minute after the first one; a machine may be busy. */
const ARRIVES_WITHIN_MS = 150_000;

describe('webhooks', () => {
  let sluice: TestSystem;
  let receiver: WebhookReceiver;
  let customer: Customer;
  let webhook: CreatedWebhookDto;
  beforeAll(async () => {
    sluice = await TestSystem.start();
    receiver = await WebhookReceiver.start();
    customer = await sluice.customer({ permissions: PERMISSIONS });
    webhook = await register();
  });
  afterEach(() => sluice.proveBooks());
  afterAll(async () => {
    await sluice.stop();
    await receiver.stop();
  });

  it('report a broadcast and a paid withdrawal to a customer, signed by both schemes', async () => {
    const body = toAddress({ to_address: getAddress(freshAddress()) });
    const number = await paid(body);

    const [confirmed] = await arrived(number, 'withdrawal.confirmed');
    await arrived(number, 'withdrawal.broadcasted');

    const { data } = await customer.get(number);
    expect(confirmed?.data).toMatchObject({
      withdrawal_id: number,
      client_reference: body.client_reference,
      currency: 'USDT',
      network: 'ETH',
      to_address: body['to_address'],
      amount: '5.250000',
      tx_hash: data['tx_hash'],
      status: 'confirmed',
    });
    expect(confirmed).toMatchObject({ verified: true, createdAt: expect.stringMatching(/Z$/) });
  });

  it('report to each account only its own withdrawals', async () => {
    const other = await sluice.customer();
    const foreign = numberOf(await other.post(toAddress()));
    await other.reaches(foreign, ['completed']);
    await arrived(await paid(), 'withdrawal.confirmed');

    expect(receiver.received.filter(({ data }) => data['withdrawal_id'] === foreign)).toEqual([]);
  });

  it('are managed by a key that may, and are those of its account', async () => {
    const target = `/v1/webhooks/${webhook.id}`;
    const mine = await send(customer, 'GET', '/v1/webhooks');
    const stranger = await sluice.customer({ permissions: PERMISSIONS });
    const nobody = await sluice.customer();

    expect(JSON.parse(mine.text)).toMatchObject({
      data: [{ id: webhook.id, url: receiver.url, events: EVENTS, state: 'enabled' }],
      data_count: 1,
    });
    expect(mine.text).not.toMatch(/"secret"|whsec_/);
    for (const method of ['GET', 'DELETE'])
      expect(await send(stranger, method, target)).toMatchObject({
        status: 404,
        message: 'Webhook not found',
      });
    expect(await send(nobody, 'GET', '/v1/webhooks')).toMatchObject({ status: 403 });
    expect(await send(customer, 'GET', target)).toMatchObject({ status: 200 });
  });

  it.each([
    ['http://shop.example/hooks', EVENTS, /^url: /],
    ['https://user:pass@shop.example/hooks', EVENTS, /^url: /],
    ['https://10.0.0.1/hooks', EVENTS, /^url: /],
    ['https://shop.example/hooks', ['withdrawal.lost'], /^events: /],
  ])('are refused with the field that is wrong: %s %j', async (url, events, message) => {
    const answer = await send(customer, 'POST', '/v1/webhooks', { url, events });

    expect(answer).toMatchObject({
      status: 422,
      message: expect.stringMatching(message) as string,
    });
    expect(await sluice.admin.webhooks.webhooks({ account: customer.accountId })).toHaveLength(1);
  });

  it('are a 503 while their service is frozen, and payments go on', async () => {
    await sluice.system.kill('webhooks', 'SIGSTOP');
    try {
      expect(await send(customer, 'GET', '/v1/webhooks')).toMatchObject({
        status: 503,
        message: 'Service temporarily unavailable',
      });
      await paid();
    } finally {
      await sluice.system.kill('webhooks', 'SIGCONT');
    }
    await sluice.system.untilReady('webhooks');
  });

  it('wait for a receiver that is away, and come under the same id when it is back', async () => {
    const { port } = receiver;
    await receiver.stop();
    const number = await paid();
    const { id } = await eventually(() => attempted(number), { withinMs: ARRIVES_WITHIN_MS });

    receiver = await WebhookReceiver.start(port);
    receiver.trust(webhook.secret);

    const [first] = await arrived(number, 'withdrawal.confirmed');
    expect(first?.id).toBe(id);
    const { attempts } = await delivered(id);
    expect(attempts.length).toBeGreaterThan(1);
    expect(attempts.map(({ status }) => status)).toEqual([
      ...attempts.slice(1).map(() => null),
      200,
    ]);
  });

  it.each(['webhooks.before-commit', 'webhooks.after-send'])(
    'survive kill -9 at %s: each event is sent at least once, with the same bytes and the same id',
    async (point) => {
      await arrived(await paid(), 'withdrawal.confirmed'); // nothing else is under way that could pass there
      await sluice.restartWith('webhooks', { FAULT_AT: point });
      const died = sluice.system.ended('webhooks');
      const number = await paid();

      expect((await died).signal).toBe('SIGKILL');
      await sluice.system.untilReady('webhooks');
      for (const event of ['withdrawal.broadcasted', 'withdrawal.confirmed']) {
        const copies = await arrived(number, event);
        expect(new Set(copies.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
        await delivered(copies[0]?.id ?? 0);
      }
    },
  );

  it('lose nothing of many withdrawals while their service is killed again and again', async () => {
    const bodies = Array.from({ length: 20 }, () => toAddress());
    const asked = Promise.all(bodies.map((body) => customer.postUntilAnswered(body)));
    for (let deaths = 0; deaths < 3; deaths++) await sluice.killNow('webhooks');
    const numbers = (await asked).map(numberOf);
    await sluice.killNow('webhooks');

    await Promise.all(numbers.map((number) => customer.reaches(number, ['completed'], 60_000)));
    for (const number of numbers) await arrived(number, 'withdrawal.confirmed');
  });

  it('are tested, listed, paused and sent again by operators', async () => {
    const { exitCode, json } = await operator('test', webhook.id);
    expect(exitCode).toBe(0);
    const { id } = json as DeliveryDto;
    await eventually(() => expect(receiver.received.map((one) => one.id)).toContain(id), {
      withinMs: ARRIVES_WITHIN_MS,
    });
    expect(await delivered(id)).toMatchObject({ event: 'webhook.test', attempt_count: 1 });

    await operator('pause', webhook.id);
    const number = await paid();
    expect(receiver.about(number, 'withdrawal.confirmed')).toEqual([]);
    await operator('resume', webhook.id);
    await arrived(number, 'withdrawal.confirmed');
    expect((await operator('delivery', `${id}`)).json).toMatchObject({ status: 'delivered' });
  });

  it('leave their secret in no log', () => {
    const { logs } = layoutOf(sluice.system.home);
    const files = readdirSync(logs);
    const holding = files.filter((file) =>
      readFileSync(join(logs, file), 'utf8').includes(webhook.secret),
    );

    expect(files).toContain('webhooks.log');
    expect(holding).toEqual([]);
  });

  it('are not sent after the webhook is deleted', async () => {
    expect(await send(customer, 'DELETE', `/v1/webhooks/${webhook.id}`)).toMatchObject({
      status: 200,
      data: { state: 'deleted' },
    });
    const another = await register();
    const number = await paid();
    await arrived(number, 'withdrawal.confirmed');

    expect(receiver.about(number, 'withdrawal.confirmed')).toHaveLength(1);
    expect(await sluice.admin.webhooks.webhook(another.id)).toMatchObject({ state: 'enabled' });
  });

  async function register(): Promise<CreatedWebhookDto> {
    const wish = { url: receiver.url, events: EVENTS, description: 'e2e' };
    const { status, message, text } = await send(customer, 'POST', '/v1/webhooks', wish);
    expect({ status, message }).toEqual({ status: 200, message: 'OK' });
    const created = (JSON.parse(text) as { readonly data: CreatedWebhookDto }).data;
    receiver.trust(created.secret);
    return created;
  }

  function send({ api }: Customer, method: string, target: string, body?: object): Promise<Answer> {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    return api.send({ method, target, timestamp: freshTimestamp(), ...text });
  }

  function operator(...words: readonly string[]) {
    return operate(sluice, ['webhook', ...words]);
  }

  async function paid(body = toAddress()): Promise<number> {
    const number = numberOf(await customer.postUntilAnswered(body));
    await customer.reaches(number, ['completed'], 60_000);
    return number;
  }

  /** All that was verified and answered 200, at least one. */
  function arrived(number: number, event: string): Promise<readonly ReceivedWebhook[]> {
    return eventually(
      () => {
        const good = receiver.about(number, event).filter(({ answered }) => answered === 200);
        expect({ number, event, good: good.length > 0 }).toMatchObject({ good: true });
        return good;
      },
      { withinMs: ARRIVES_WITHIN_MS, everyMs: 100 },
    );
  }

  /** The delivery of the last word on this withdrawal, once its first attempt has failed. */
  async function attempted(number: number): Promise<DeliveryDto> {
    const { data } = await sluice.admin.webhooks.deliveries(webhook.id, { status: 'pending' });
    for (const delivery of data.filter(({ attempt_count: count }) => count > 0)) {
      const { body, event } = await sluice.admin.webhooks.delivery(delivery.id);
      if (event === 'withdrawal.confirmed' && body.includes(`"withdrawal_id":${number},`))
        return delivery;
    }
    throw new Error(`nothing was attempted for withdrawal ${number} yet`);
  }

  function delivered(id: number): Promise<DeliveryHistoryDto> {
    return eventually(
      async () => {
        const delivery = await sluice.admin.webhooks.delivery(id);
        expect(delivery).toMatchObject({ status: 'delivered' });
        return delivery;
      },
      { withinMs: ARRIVES_WITHIN_MS, everyMs: 200 },
    );
  }
});
