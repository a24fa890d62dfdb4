import { randomUUID } from 'node:crypto';
import type { AccountEventDto, CreatedWebhookDto, DeliveryDto, WebhookDto } from '@sluice/http-api';
import { verifyStandardWebhook, verifyWebhook } from '@sluice/signing';
import { eventually } from '@sluice/test-kit';
import {
  ACCOUNT,
  aStep,
  givenWebhooks,
  KEK,
  migrated,
  type TestWebhooks,
} from '../testkit/given-webhooks.js';
import { Receiver, type Received } from '../testkit/receiver.js';
import { ForgetReplacedSecrets } from '../secrets/rewrap-secrets.js';
import { PauseFailingWebhooks } from './pause-failing-webhooks.js';

const PATIENCE = { withinMs: 60_000 };
const OTHER = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b22';

let receiver: Receiver;
let url: string;
let webhooks: TestWebhooks;
beforeAll(async () => void (url = await migrated()));
beforeEach(async () => {
  receiver = await Receiver.start();
  webhooks = await givenWebhooks(url);
});
afterEach(async () => {
  expect(await webhooks.violations()).toEqual([]);
  await webhooks.database.query(
    'TRUNCATE webhook, delivery, delivery_attempt, webhook_request, account_sends',
  );
  await webhooks.close();
  await receiver.stop();
});

const arrivedAt = (path: string, count = 1): Promise<Received> =>
  eventually(() => {
    const last = receiver.at(path).at(-1);
    expect(receiver.at(path)).toHaveLength(count);
    return last as Received;
  }, PATIENCE);

/** Which of the signatures of a request are good under this secret. */
function goodUnder(secret: string, { headers, body }: Received) {
  const value = (name: string) => String(headers[name]);
  const sent = { id: value('webhook-id'), timestamp: value('webhook-timestamp'), body };
  return {
    contract: verifyWebhook(secret, sent, value('x-cpg-signature')),
    next: verifyWebhook(secret, sent, value('x-cpg-signature-next')),
    standard: verifyStandardWebhook(secret, sent, value('webhook-signature')),
  };
}

describe('an edited webhook', () => {
  it('keeps its id and its secret, and what waits goes to the new URL, in every instance', async () => {
    const created = await webhooks.register({ url: receiver.url('/old') });
    const other = await givenWebhooks(url);
    try {
      await webhooks.tell(aStep());
      await arrivedAt('/old');
      await other.tell(aStep());
      await arrivedAt('/old', 2);

      const edited = await webhooks.ask<WebhookDto>(
        'PATCH',
        `webhooks/${created.id}?account=${ACCOUNT}`,
        {
          url: receiver.url('/new'),
          events: ['withdrawal.confirmed', 'withdrawal.failed'],
          description: 'moved',
        },
      );
      await other.tell(aStep({ type: 'withdrawal.failed.v1' }));
      await webhooks.tell(aStep());

      expect(edited).toMatchObject({
        status: 200,
        body: { data: { id: created.id, url: receiver.url('/new'), description: 'moved' } },
      });
      expect(goodUnder(created.secret, await arrivedAt('/new', 2))).toMatchObject({
        contract: true,
        standard: true,
      });
      expect(receiver.at('/old')).toHaveLength(2);
    } finally {
      await other.close();
    }
  });

  it('is told no more of what it unsubscribes, and what it was told is no violation', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/a') });
    await webhooks.tell(aStep());
    await arrivedAt('/a');

    await webhooks.ask('PATCH', `webhooks/${id}?account=${ACCOUNT}`, {
      events: ['withdrawal.failed'],
    });
    await webhooks.tell(aStep());

    expect(await webhooks.deliveries()).toHaveLength(1);
  });

  it.each<[object, number, string]>([
    [{ url: 'https://10.0.0.1/' }, 400, 'url: URL should lead to the public internet'],
    [{ events: ['nothing'] }, 400, 'events: "nothing" is not one of'],
    [{ events: [] }, 422, 'events: List should have at least 1 items'],
  ])('is not changed by %j', async (change, status, sentence) => {
    const { id } = await webhooks.register({ url: receiver.url('/a') });
    const before = (await webhooks.ask<WebhookDto>('GET', `webhooks/${id}`)).body.data;

    expect(await webhooks.ask('PATCH', `webhooks/${id}?account=${ACCOUNT}`, change)).toMatchObject({
      status,
      body: { message: expect.stringContaining(sentence) as string },
    });

    expect((await webhooks.ask('GET', `webhooks/${id}`)).body.data).toEqual(before);
  });
});

describe('a rotated secret', () => {
  const rotate = (id: string, wish: object) =>
    webhooks.ask<CreatedWebhookDto>('POST', `webhooks/${id}/rotate?account=${ACCOUNT}`, wish);

  it('signs beside the one before until the overlap ends, by both schemes, and alone after that', async () => {
    const { id, secret } = await webhooks.register({ url: receiver.url('/r') });
    await webhooks.tell(aStep());
    await arrivedAt('/r');

    const { status, body } = await rotate(id, { overlap_seconds: 3_600 });
    await webhooks.tell(aStep());
    const during = await arrivedAt('/r', 2);

    expect(status).toBe(200);
    expect(body.data).toMatchObject({ id, previous_secret_until: expect.any(String) as string });
    expect(body.data.secret).not.toBe(secret);
    expect(goodUnder(secret, during)).toEqual({ contract: true, next: false, standard: true });
    expect(goodUnder(body.data.secret, during)).toEqual({
      contract: false,
      next: true,
      standard: true,
    });
    expect((await rotate(id, { overlap_seconds: 60 })).status).toBe(409);

    const atOnce = await rotate(id, { overlap_seconds: 0 });
    await webhooks.tell(aStep());
    const after = await arrivedAt('/r', 3);

    expect(atOnce.body.data.previous_secret_until).toBeNull();
    expect(goodUnder(atOnce.body.data.secret, after)).toMatchObject({
      contract: true,
      standard: true,
    });
    expect(after.headers).not.toHaveProperty('x-cpg-signature-next');
    for (const gone of [secret, body.data.secret])
      expect(goodUnder(gone, after)).toMatchObject({ contract: false, standard: false });
  });

  it('survives an edit and another SECRETS_KEK, and is forgotten when its time is over', async () => {
    const { id, secret } = await webhooks.register({ url: receiver.url('/old') });
    const next = (await rotate(id, { overlap_seconds: 3_600 })).body.data.secret;
    await webhooks.ask('PATCH', `webhooks/${id}?account=${ACCOUNT}`, { url: receiver.url('/new') });
    await webhooks.close();
    const kek = { SECRETS_KEK: Buffer.alloc(32, 'the next kek').toString('base64') };
    webhooks = await givenWebhooks(url, { SECRETS_KEK: `${kek.SECRETS_KEK}\n${KEK}` });
    expect((await webhooks.ask('POST', 'webhooks/rewrap')).body.data).toMatchObject({ sealed: 1 });
    await webhooks.close();
    webhooks = await givenWebhooks(url, kek);

    await webhooks.tell(aStep());
    const during = await arrivedAt('/new');

    expect(goodUnder(secret, during)).toMatchObject({ contract: true, standard: true });
    expect(goodUnder(next, during)).toMatchObject({ next: true, standard: true });
    const kept = async () =>
      (await webhooks.database.query('SELECT FROM webhook WHERE previous_sealed IS NOT NULL'))
        .length;
    await webhooks.app.get(ForgetReplacedSecrets).forget();
    expect(await kept()).toBe(1);
    await webhooks.database.query(`UPDATE webhook SET previous_until = now()`);
    await webhooks.app.get(ForgetReplacedSecrets).forget();
    expect(await kept()).toBe(0);
  });

  it('is answered again to a repeat with the same key, and to nothing else', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/r') });
    const wish = { overlap_seconds: 3_600, idempotency_key: 'rotate once' };

    const all = await Promise.all([rotate(id, wish), rotate(id, wish), rotate(id, wish)]);

    expect(new Set(all.map(({ body }) => body.data.secret)).size).toBe(1);
    expect(all.filter(({ body }) => !body.data.replayed)).toHaveLength(1);
    expect((await rotate(id, { ...wish, overlap_seconds: 60 })).status).toBe(409);
    await rotate(id, { overlap_seconds: 0 });
    expect((await rotate(id, wish)).status).toBe(409);
  });
});

describe('a registration that is repeated', () => {
  const wish = () => ({
    account: ACCOUNT,
    url: receiver.url('/hook'),
    events: ['withdrawal.confirmed'],
    idempotency_key: 'once',
  });
  const register = (change: object = {}) =>
    webhooks.ask<CreatedWebhookDto>('POST', 'webhooks', { ...wish(), ...change });

  it('is one webhook with one secret, however often and wherever it is asked for', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => register()));

    expect(all.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(new Set(all.map(({ body }) => body.data.id)).size).toBe(1);
    expect(new Set(all.map(({ body }) => body.data.secret)).size).toBe(1);
    expect(all.filter(({ body }) => !body.data.replayed)).toHaveLength(1);
    const elsewhere = await register({ account: OTHER });
    expect(elsewhere.body.data.id).not.toBe(all[0]?.body.data.id);
  });

  it('is answered before its URL is checked, which would be refused now', async () => {
    const { id, secret } = (await register()).body.data;
    const stricter = await givenWebhooks(url, {}, { allowLoopback: false });
    try {
      expect(await stricter.ask('POST', 'webhooks', wish())).toMatchObject({
        status: 201,
        body: { data: { id, secret, replayed: true } },
      });
      const another = { ...wish(), idempotency_key: 'twice' };
      expect((await stricter.ask('POST', 'webhooks', another)).status).toBe(400);
    } finally {
      await stricter.close();
    }
  });

  it('is refused with other parameters, after a day, and when the secret is another one', async () => {
    const { id } = (await register()).body.data;

    expect(await register({ url: receiver.url('/another') })).toMatchObject({
      status: 409,
      body: { message: 'Idempotency-Key was already used with other parameters' },
    });
    await webhooks.database.query(
      `UPDATE webhook_request SET made_at = made_at - interval '25 hours'; UPDATE webhook SET created_at = created_at - interval '25 hours'`,
    );
    expect((await register()).status).toBe(409);
    await webhooks.database.query(
      `UPDATE webhook_request SET made_at = made_at + interval '25 hours'; UPDATE webhook SET created_at = created_at + interval '25 hours'`,
    );
    expect((await register()).status).toBe(201);
    await webhooks.ask('DELETE', `webhooks/${id}`);
    expect((await register()).status).toBe(409);
    expect(await webhooks.database.query('SELECT FROM webhook')).toHaveLength(1);
  });
});

describe('what an account asks for', () => {
  const failedDelivery = async () => {
    const webhook = await webhooks.register({ url: receiver.url('/mine') });
    await webhooks.tell(aStep());
    await arrivedAt('/mine');
    const [delivery] = await eventually(async () => {
      const all = await webhooks.deliveries();
      expect(all).toMatchObject([{ status: 'delivered' }]);
      return all;
    }, PATIENCE);
    return { id: webhook.id, delivery: delivery?.id ?? 0 };
  };

  it('is sent again with the same id and bytes, signed anew', async () => {
    const { id, delivery } = await failedDelivery();
    const [first] = receiver.at('/mine');
    await webhooks.database.query('SELECT pg_sleep(1)'); // a signature changes with the second

    const again = await webhooks.ask<DeliveryDto>(
      'POST',
      `deliveries/${delivery}/requeue?account=${ACCOUNT}&webhook=${id}`,
    );

    expect(again.status).toBe(200);
    const second = await arrivedAt('/mine', 2);
    expect(second.body).toBe(first?.body);
    expect(second.headers['x-cpg-delivery']).toBe(first?.headers['x-cpg-delivery']);
    expect(second.headers['x-cpg-signature']).not.toBe(first?.headers['x-cpg-signature']);
  });

  it('without its account is refused by the database, and changes nothing', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/whose') });
    const change = { description: 'of no account' };
    expect(await webhooks.ask('PATCH', `webhooks/${id}`, change)).toMatchObject({ status: 500 });
    const stored = await webhooks.database.query('SELECT description FROM webhook WHERE id = $1', [
      id,
    ]);
    expect(stored).toEqual([{ description: null }]);
  });

  it('is its own alone', async () => {
    const { id, delivery } = await failedDelivery();
    const foreign = (path: string) => `${path}account=${OTHER}`;
    for (const [method, path, body] of [
      ['GET', `deliveries/${delivery}?`, undefined],
      ['GET', `deliveries/${delivery}?webhook=${randomUUID()}&`, undefined],
      ['GET', `webhooks/${id}/deliveries?`, undefined],
      ['POST', `deliveries/${delivery}/requeue?`, undefined],
      ['POST', `webhooks/${id}/test?`, undefined],
      ['POST', `webhooks/${id}/resume?`, undefined],
      ['POST', `webhooks/${id}/rotate?`, { overlap_seconds: 0 }],
      ['PATCH', `webhooks/${id}?`, { description: 'theirs' }],
    ] as const)
      expect([path, (await webhooks.ask(method, foreign(path), body)).status]).toEqual([path, 404]);
    const events = await webhooks.ask<AccountEventDto[]>('GET', foreign('events?'));
    expect(events.body.data).toEqual([]);
    expect(receiver.at('/mine')).toHaveLength(1);
  });

  it('is sent thirty times a minute at most, over all of its webhooks', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/mine') });
    const test = (account: string) =>
      webhooks.ask('POST', `webhooks/${id}/test?account=${account}`);
    const sendsOf = (sends: number) =>
      webhooks.database.query(
        `INSERT INTO account_sends VALUES ($1, date_trunc('minute', now()), $2)
         ON CONFLICT (account_id) DO UPDATE SET minute = excluded.minute, sends = excluded.sends`,
        [ACCOUNT, sends],
      );
    await sendsOf(29);

    const statuses = [await test(ACCOUNT), await test(ACCOUNT)].map(({ status }) => status);

    expect(statuses[0]).toBe(201);
    expect([201, 429]).toContain(statuses[1]); // a minute may have begun between the two
    await sendsOf(30);
    await webhooks.database.query(`UPDATE account_sends SET minute = minute - interval '1 minute'`);
    expect((await test(ACCOUNT)).status).toBe(201);
    expect((await webhooks.ask('POST', `webhooks/${id}/test`)).status).toBe(201); // an operator
  });
});

describe('events of an account', () => {
  const events = async (query = '') =>
    (await webhooks.ask<AccountEventDto[]>('GET', `events?account=${ACCOUNT}${query}`)).body;

  it('are kept where no webhook was there to be told, the newest first, with the bodies of webhooks', async () => {
    await webhooks.tell(aStep({ clientReference: 'missed' }));
    await webhooks.register({ url: receiver.url('/late') });
    const step = aStep({ clientReference: 'told' });
    await webhooks.tell(step, step, aStep({ accountId: OTHER }));
    const { id: _id, ...delivered } = JSON.parse(
      (await arrivedAt('/late')).body,
    ) as AccountEventDto;

    const { data } = await events();

    expect(data.map(({ data: { client_reference: reference } }) => reference)).toEqual([
      'told',
      'missed',
    ]);
    expect(data[0]).toEqual({ id: expect.any(Number) as number, ...delivered });
  });

  it('are found by what they are about, and in pages', async () => {
    const steps = Array.from({ length: 5 }, (_, n) =>
      aStep({ clientReference: `order-${n}`, ...(n === 3 && { type: 'withdrawal.failed.v1' }) }),
    );
    await webhooks.tell(...steps);
    const referencesOf = async (query: string) =>
      (await events(query)).data.map(({ data }) => data['client_reference']);

    const returned = { ...steps[2]?.data, type: 'withdrawal.returned.v1' } as const;
    await webhooks.tell(aStep(returned));
    expect(await referencesOf('&client_reference=order-2')).toEqual(['order-2', 'order-2']);
    expect(await referencesOf(`&withdrawal_id=${steps[1]?.data.number}`)).toEqual(['order-1']);
    expect(await referencesOf('&event=withdrawal.failed')).toEqual(['order-3']);
    expect(await referencesOf('&before=2026-01-01T00:00:00Z')).toEqual([]);
    expect(await referencesOf('&since=2026-01-01T00:00:00Z')).toHaveLength(6);
    const first = await events('&limit=3');
    const second = await events(`&limit=3&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data].map(({ data }) => data['client_reference'])).toEqual([
      'order-2',
      'order-4',
      'order-3',
      'order-2',
      'order-1',
      'order-0',
    ]);
    expect(second.next_cursor).toBeNull();
  });

  it('have the pause of the only webhook of an account, which no webhook could tell', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/500') });
    await webhooks.database.query(
      `UPDATE webhook SET failing_since = now() - interval '73 hours', failed_at = now()`,
    );

    expect(await webhooks.app.get(PauseFailingWebhooks).pauseFailing()).toBe(1);

    expect((await events('&event=webhook.paused')).data).toMatchObject([
      { data: { webhook_id: id, reason: 'failures' } },
    ]);
    expect((await webhooks.ask('GET', `webhooks/${id}`)).body.data).toMatchObject({
      state: 'paused',
      paused_because: 'failures',
      paused_at: expect.any(String) as string,
      failing_since: expect.any(String) as string,
    });
    await webhooks.ask('POST', `webhooks/${id}/resume?account=${ACCOUNT}`);
    await webhooks.ask('POST', `webhooks/${id}/pause`);
    expect((await events('&event=webhook.paused')).data[0]).toMatchObject({
      data: { webhook_id: id, reason: 'wish', failing_since: null },
    });
  });
});
