import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readUpvestPublicKey, verifyUpvest } from '@sluice/signing';
import { givenSimulator, json, type JsonFields, type VenueReply } from '../testing/test-client.js';
import { problemOf, UpvestTestClient } from './upvest-test-client.js';

const simulator = givenSimulator('upvest');
let upvest: UpvestTestClient;

beforeEach(async () => {
  await fetch(`${simulator.url}/_sim/reset`, { method: 'POST' });
  upvest = await UpvestTestClient.of(simulator.url);
  await settings({ status_ms: 40 });
});

const settings = (patch: JsonFields): Promise<VenueReply> =>
  upvest.control('PUT', 'settings', patch);
const credentials = async (): Promise<JsonFields> =>
  json(await upvest.control('GET', 'credentials'));

describe('a fault', () => {
  it.each(['accept_then_hang', 'accept_then_cut', 'accept_then_5xx'])(
    '%s: paid once, and a repeated key returns the payment',
    async (fault) => {
      const key = randomUUID();
      await upvest.arm('POST /payments/withdrawals', fault);
      await Promise.race([upvest.withdraw({}, key).catch(() => null), sleep(150)]);

      const again = await upvest.withdraw({}, key);

      expect(again.status).toBe(200);
      expect(await upvest.payments()).toMatchObject([{ id: json(again)['id'] }]);
    },
  );

  it('may cut the answer in its middle, and comes with the status that is set', async () => {
    await settings({ cut_sends: 'half_the_body', server_error: 504 });
    await upvest.arm('POST /payments/withdrawals', 'accept_then_cut');
    await expect(upvest.withdraw()).rejects.toThrow();
    await upvest.arm('POST /payments/withdrawals', 'refuse_with_5xx');
    const reply = await upvest.withdraw();

    expect([reply.status, problemOf(reply)]).toEqual([504, 'gateway_timeout']);
    expect(await upvest.payments()).toHaveLength(1);
  });

  it('shows a record one status back', async () => {
    const { id } = json(await upvest.withdraw());
    await upvest.until(id, 'CONFIRMED');
    await upvest.arm('GET /payments/withdrawals/{id}', 'status_goes_back');

    expect(await upvest.get(id)).toMatchObject({ status: 'PROCESSING' });
    expect(await upvest.get(id)).toMatchObject({ status: 'CONFIRMED' });
  });

  it('of rates: 300 requests a second, then 429', async () => {
    await settings({ rate_limits: { requests: 2, per_ms: 60_000 } });
    await upvest.list();
    const replies = [await upvest.withdraw(), await upvest.withdraw()];

    expect(replies.map((reply) => reply.status)).toContain(429);
  });
});

describe('a webhook', () => {
  interface Payload {
    readonly payload: readonly { readonly type: string; readonly object: JsonFields }[];
  }

  interface Received {
    readonly headers: IncomingMessage['headers'];
    readonly path: string;
    readonly body: string;
  }

  it('hears of everything from the moment when it is enabled, and of nothing before', async () => {
    const received: string[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { payload } = JSON.parse(Buffer.concat(chunks).toString()) as Payload;
        received.push(...payload.map(({ type, object }) => `${type} ${String(object['id'])}`));
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await settings({ status_ms: 60_000 });
    await upvest.withdraw();
    const { port } = server.address() as AddressInfo;
    const hook = { id: 'mine', title: 'mine', url: `http://127.0.0.1:${port}/`, type: ['ALL'] };

    await settings({ webhooks: [{ ...hook, enabled: true }] });
    const { id } = json(await upvest.withdraw()); // at once: no tick of the sender may lie between
    await settings({ status_ms: { NEW: 0 } });
    for (let attempt = 0; attempt < 400 && received.length < 3; attempt++) await sleep(25);

    expect(received).toContain(`WITHDRAWAL.NEW ${String(id)}`);
    expect(received.filter((event) => event.startsWith('WITHDRAWAL.NEW'))).toHaveLength(1);
    expect(received).toHaveLength(3); // both are processed then
    server.close();
  });

  it('receives each status in scheme v6, repeated until a response of 200, and in order', async () => {
    const received: Received[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({
          headers: request.headers,
          path: request.url ?? '',
          body: Buffer.concat(chunks).toString(),
        });
        response.writeHead(received.length === 1 ? 202 : 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await settings({ webhook_delivery: { retry_unit_ms: 20 } });
    const hook = {
      title: 'mine',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
      type: ['WITHDRAWAL'],
    };
    const { id } = json(await upvest.call('POST', '/webhooks', JSON.stringify(hook)));
    expect(
      json(await upvest.call('PATCH', `/webhooks/${String(id)}`, '{"enabled":true}')),
    ).toMatchObject({ enabled: true });
    await sleep(60);

    const withdrawal = json(await upvest.withdraw());
    await upvest.until(withdrawal['id'], 'CONFIRMED');
    await sleep(250);

    const events = received
      .slice(1)
      .flatMap(
        ({ body }) =>
          (JSON.parse(body) as { payload: { type: string; object: JsonFields }[] }).payload,
      );
    expect(events.map(({ type }) => type)).toEqual([
      'WITHDRAWAL.NEW',
      'WITHDRAWAL.PROCESSING',
      'WITHDRAWAL.CONFIRMED',
    ]);
    expect(events.every(({ object }) => object['id'] === withdrawal['id'])).toBe(true);
    expect(received[1]?.body.startsWith(received[0]?.body.slice(0, -2) ?? '-')).toBe(true);
    const key = readUpvestPublicKey(String((await credentials())['webhook_public_key']));
    for (const { headers, path, body } of received)
      expect(
        verifyUpvest('v6', key, {
          method: 'POST',
          path,
          query: '',
          headers: headers as Record<string, string>,
          body,
        }),
      ).toBe(true);
    expect((await upvest.call('DELETE', `/webhooks/${String(id)}`)).status).toBe(204);
    expect(json(await upvest.call('GET', '/webhooks'))['data']).toEqual([]);
    server.close();
  });
});
