import { createServer } from 'node:net';
import { testValues } from '@sluice/runtime';
import { verifyStandardWebhook, verifyWebhook } from '@sluice/signing';
import { eventually } from '@sluice/test-kit';
import { freePort } from '@sluice/test-servers';
import { register } from 'prom-client';
import {
  ACCOUNT,
  aStep,
  givenWebhooks,
  migrated,
  type TestWebhooks,
} from '../testkit/given-webhooks.js';
import { Receiver } from '../testkit/receiver.js';

const PATIENCE = { withinMs: 60_000 };

let receiver: Receiver;
beforeEach(async () => void (receiver = await Receiver.start()));
afterEach(() => receiver.stop());

async function withWebhooks<T>(
  work: (webhooks: TestWebhooks, url: string) => Promise<T>,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const url = await migrated();
  const webhooks = await givenWebhooks(url, env);
  try {
    const done = await work(webhooks, url);
    expect(await webhooks.violations()).toEqual([]);
    return done;
  } finally {
    await webhooks.close();
  }
}

/** Waits until every delivery was attempted so often, or is over. */
const attempted = (webhooks: TestWebhooks, times = 1) =>
  eventually(async () => {
    const deliveries = await webhooks.deliveries();
    expect(deliveries.length).toBeGreaterThan(0);
    for (const { status, attempts } of deliveries)
      if (status === 'pending') expect(attempts.length).toBeGreaterThanOrEqual(times);
    return deliveries;
  }, PATIENCE);

/** The delivery of one event to this URL after its first attempt. */
async function attemptAt(webhooks: TestWebhooks, url: string) {
  await webhooks.register({ url });
  await webhooks.tell(aStep());
  const [delivery] = await attempted(webhooks);
  return delivery;
}

describe('a delivery', () => {
  it('arrives with both signatures, which the secret verifies, and counts as delivered', () =>
    withWebhooks(async (webhooks) => {
      const { secret } = await webhooks.register({ url: receiver.url('/hook') });
      await webhooks.tell(aStep());

      const [delivery] = await attempted(webhooks);
      const [arrived] = receiver.at('/hook');
      const body = arrived?.body ?? '';
      const header = (name: string) => String(arrived?.headers[name]);
      const sent = { id: header('webhook-id'), timestamp: header('webhook-timestamp'), body };

      expect(delivery).toMatchObject({ status: 'delivered', attempt_count: 1, body });
      expect(delivery?.attempts).toMatchObject([{ status: 200, error: null, answer: 'thanks' }]);
      expect(JSON.parse(body)).toMatchObject({
        id: delivery?.id,
        event: 'withdrawal.confirmed',
        api_version: '1',
        data: { client_reference: 'order-🔑', amount: '100' },
      });
      expect(header('x-cpg-delivery')).toBe(String(delivery?.id));
      expect(header('x-cpg-event')).toBe('withdrawal.confirmed');
      expect(verifyWebhook(secret, sent, header('x-cpg-signature'))).toBe(true);
      expect(verifyStandardWebhook(secret, sent, header('webhook-signature'))).toBe(true);
    }));

  it('is attempted seven times with the same bytes, each signed anew, and then has failed', () =>
    withWebhooks(async (webhooks) => {
      await webhooks.register({ url: receiver.url('/500') });
      await webhooks.tell(aStep());
      for (let attempt = 1; attempt < 7; attempt++) {
        await attempted(webhooks, attempt);
        await webhooks.makeDue();
      }

      const [delivery] = await eventually(async () => {
        const all = await webhooks.deliveries();
        expect(all[0]?.status).toBe('failed');
        return all;
      }, PATIENCE);
      const sent = receiver.at('/500');

      expect(delivery).toMatchObject({ attempt_count: 7, next_retry_at: null });
      expect(delivery?.attempts.map(({ status }) => status)).toEqual(Array(7).fill(500));
      expect(sent).toHaveLength(7);
      expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
      expect(new Set(sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    }));

  it('waits a minute behind a first failure', () =>
    withWebhooks(async (webhooks) => {
      const delivery = await attemptAt(webhooks, receiver.url('/500'));
      const [{ seconds } = { seconds: 0 }] = await webhooks.database.query<{ seconds: number }>(
        'SELECT extract(epoch FROM d.next_attempt_at - a.started_at)::float8 AS seconds FROM delivery d JOIN delivery_attempt a ON a.delivery_id = d.id',
      );

      expect(delivery).toMatchObject({ status: 'pending', attempt_count: 1 });
      expect(seconds).toBeGreaterThanOrEqual(60);
    }));
});

describe('a receiver', () => {
  it.each<[string, string, object]>([
    ['answers slowly', '/slow', { status: 200, error: null, answer: 'at last' }],
    ['answers without a body', '/204', { status: 204, error: null, answer: '' }],
    ['is killed in mid-answer', '/half-an-answer', { status: 200, error: null, answer: 'half' }],
    ['answers with what is no text', '/nul', { status: 200, answer: 'a\ufffd\ufffdb' }],
  ])('that %s has it', (_what, path, attempt) =>
    withWebhooks(async (webhooks) => {
      const delivery = await attemptAt(webhooks, receiver.url(path));

      expect(delivery?.status).toBe('delivered');
      expect(delivery?.attempts).toMatchObject([attempt]);
    }),
  );

  it('that answers with 10 MB has it, and is read no further than 4 KB', () =>
    withWebhooks(async (webhooks) => {
      const delivery = await attemptAt(webhooks, receiver.url('/huge'));

      expect(delivery?.status).toBe('delivered');
      expect(delivery?.attempts[0]?.answer).toBe('x'.repeat(4_096));
    }));

  it.each<[string, string, object]>([
    ['fails', '/500', { status: 500, error: null, answer: 'no' }],
    ['hangs up', '/hangs-up', { status: null, error: 'connection_lost' }],
    ['speaks no HTTP', '/no-http', { status: null, error: 'not_http' }],
    ['answers with 54 kB in a header', '/large-header', { error: 'headers_too_large' }],
    ['answers with 3,000 headers', '/many-headers', { error: 'headers_too_large' }],
    ['answers with two lengths', '/two-lengths', { status: null, error: 'not_http' }],
    ['answers with a broken header', '/broken-header', { status: null, error: 'not_http' }],
    ['wants another protocol', '/another-protocol', { status: null, error: 'not_http' }],
    ['leads elsewhere, which is not followed', '/redirect', { status: 302, error: null }],
  ])('that %s gets it again', (_what, path, attempt) =>
    withWebhooks(async (webhooks) => {
      const delivery = await attemptAt(webhooks, receiver.url(path));

      expect(delivery?.status).toBe('pending');
      expect(delivery?.attempts).toMatchObject([attempt]);
      expect(receiver.at('/target')).toEqual([]);
    }),
  );

  it.each(['/never', '/half-a-header'])('that keeps us waiting is given up: %s', (path) =>
    withWebhooks(
      async (webhooks) => {
        const delivery = await attemptAt(webhooks, receiver.url(path));

        expect(delivery?.attempts).toMatchObject([{ status: null, error: 'timeout' }]);
      },
      testValues({ timeoutMs: 500 }),
    ),
  );

  it('that is not there gets it again', () =>
    withWebhooks(async (webhooks) => {
      expect(
        (await attemptAt(webhooks, `http://127.0.0.1:${await freePort()}/`))?.attempts,
      ).toMatchObject([{ error: 'connection_refused' }]);
    }));

  it('whose TLS nobody believes gets nothing', async () => {
    const plain = createServer((socket) => socket.end('no TLS here'));
    await new Promise<void>((done) => plain.listen(0, '127.0.0.1', done));
    const { port } = plain.address() as { port: number };
    await withWebhooks(async (webhooks) => {
      expect((await attemptAt(webhooks, `https://127.0.0.1:${port}/`))?.attempts).toMatchObject([
        { error: 'tls' },
      ]);
    });
    plain.close();
  });

  it('that has become forbidden since it was registered gets nothing', async () => {
    const url = await migrated();
    const development = await givenWebhooks(url);
    await development.register({ url: receiver.url('/hook') });
    await development.close();

    const webhooks = await givenWebhooks(url, {}, { allowLoopback: false });
    await webhooks.tell(aStep());

    expect((await attempted(webhooks))[0]?.attempts).toMatchObject([
      { error: 'forbidden_address', status: null },
    ]);
    expect(receiver.received).toEqual([]);
    await webhooks.close();
  });
});

describe('a batch of events', () => {
  it.each(['/slow', '/first-held', '/never'])(
    'waits no longer than 200 ms for a receiver: %s',
    (path) =>
      withWebhooks(
        async (webhooks) => {
          const { id } = await webhooks.register({ url: receiver.url('/ready') });
          await webhooks.tell(aStep());
          await eventually(
            async () => expect(await counted(webhooks, 'delivered')).toBe(1),
            PATIENCE,
          );
          await webhooks.ask('PATCH', `webhooks/${id}?account=${ACCOUNT}`, {
            url: receiver.url(path),
          });
          await webhooks.tell(aStep()); // learns the URL
          await eventually(() => expect(receiver.at(path)).toHaveLength(1), PATIENCE);

          const sinceMs = performance.now();
          await webhooks.tell(aStep());
          const tookMs = performance.now() - sinceMs;

          expect(receiver.at(path)).toHaveLength(2);
          expect(tookMs).toBeLessThan(1_500); // with the rest between two batches
          receiver.release();
          await eventually(
            async () =>
              expect(await counted(webhooks, path === '/never' ? 'pending' : 'delivered')).toBe(
                path === '/never' ? 2 : 3,
              ),
            PATIENCE,
          );
          expect((await webhooks.deliveries())[2]?.attempts.length).toBeLessThanOrEqual(1);
        },
        testValues({ timeoutMs: 5_000 }),
      ),
  );
});

async function counted(webhooks: TestWebhooks, wanted: string): Promise<number> {
  return (await webhooks.deliveries()).filter(({ status }) => status === wanted).length;
}

describe('webhooks beside one another', () => {
  it(
    'that are dead or silent have few places, and the others get everything meanwhile',
    () =>
      withWebhooks(
        async (webhooks) => {
          await webhooks.register({ url: receiver.url('/never') });
          await webhooks.register({ url: `http://127.0.0.1:${await freePort()}/` });
          const { id } = await webhooks.register({ url: receiver.url('/quick') });
          await webhooks.tell(...Array.from({ length: 50 }, () => aStep()));

          await eventually(() => expect(receiver.at('/quick')).toHaveLength(50), PATIENCE);
          const done = await eventually(async () => {
            const { body } = await webhooks.ask<readonly unknown[]>(
              'GET',
              `webhooks/${id}/deliveries?status=delivered&limit=100`,
            );
            expect(body.data).toHaveLength(50);
            return body.data;
          }, PATIENCE);

          expect(done).toHaveLength(50);
          expect(receiver.mostOpen.get('/never')).toBeLessThanOrEqual(2);
          expect(receiver.mostOpen.get('/quick')).toBeLessThanOrEqual(16);
        },
        testValues({ timeoutMs: 5_000 }),
      ),
    90_000,
  );

  it('get each delivery once from two instances together', async () => {
    const url = await migrated();
    const [one, other] = [await givenWebhooks(url), await givenWebhooks(url)];
    for (const path of ['/a', '/b', '/c']) await one.register({ url: receiver.url(path) });

    await Promise.all(
      [one, other, one, other].map((instance) =>
        instance.tell(...Array.from({ length: 25 }, () => aStep())),
      ),
    );

    await eventually(async () => {
      const all = await one.deliveries();
      expect(all.filter(({ status }) => status === 'delivered')).toHaveLength(300);
    }, PATIENCE);
    const numbers = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(numbers).toHaveLength(300);
    expect(new Set(numbers).size).toBe(300);
    expect(await one.violations()).toEqual([]);
    await Promise.all([one.close(), other.close()]);
  }, 90_000);
});

describe('an outcome whose lease was taken', () => {
  it('changes nothing, and the attempt that nobody knows of is in the log', () =>
    withWebhooks(async (webhooks) => {
      await webhooks.register({ url: receiver.url('/first-held') });
      await webhooks.tell(aStep());
      await eventually(() => expect(receiver.at('/first-held')).toHaveLength(1), PATIENCE);
      // As if this process had stood still for longer than its lease.
      await webhooks.database.query(
        'UPDATE delivery SET next_attempt_at = now() WHERE attempt_id IS NOT NULL',
      );
      const once = async () => {
        const [delivery] = await webhooks.deliveries();
        expect(delivery).toMatchObject({ status: 'delivered', attempt_count: 1 });
        expect(delivery?.attempts).toMatchObject([
          { error: 'outcome_unknown', status: null, duration_ms: null },
          { error: null, status: 200, answer: 'thanks' },
        ]);
      };
      await eventually(once, PATIENCE);
      const lateBefore = await lateOutcomes();

      receiver.release();

      await eventually(async () => expect(await lateOutcomes()).toBe(lateBefore + 1), PATIENCE);
      await once();
    }));
});

async function lateOutcomes(): Promise<number> {
  const metric = await register.getSingleMetric('sluice_webhook_late_outcomes_total')?.get();
  return metric?.values[0]?.value ?? 0;
}

describe('webhooks of one account that hang', () => {
  it('take no place from another account at the same host, however much is sent to them', () =>
    withWebhooks(
      async (webhooks) => {
        const mallory = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b66';
        for (let n = 0; n < 45; n++)
          await webhooks.register({ url: receiver.url('/never'), account: mallory });
        await webhooks.register({ url: receiver.url('/alice') });
        const flood = () =>
          webhooks.tell(...Array.from({ length: 5 }, () => aStep({ accountId: mallory })));
        await flood();
        await eventually(
          () => expect(receiver.open.get('/never')).toBeGreaterThanOrEqual(48),
          PATIENCE,
        );

        const tookMs: number[] = [];
        for (let n = 1; n <= 5; n++) {
          await flood();
          const sinceMs = Date.now();
          await webhooks.tell(aStep());
          await eventually(() => expect(receiver.at('/alice')).toHaveLength(n), PATIENCE);
          tookMs.push(Date.now() - sinceMs);
        }

        expect(tookMs.sort((a, b) => a - b)[2]).toBeLessThan(4_000); // a delivery that hangs takes 9 s
        expect(receiver.mostOpen.get('/never')).toBe(48); // three quarters of 64
      },
      testValues({ timeoutMs: 9_000 }),
    ));
});

describe('a row that somebody has changed', () => {
  it('does not open, and nothing is sent where it leads', () =>
    withWebhooks(async (webhooks) => {
      const { id } = await webhooks.register({ url: receiver.url('/mine') });
      await webhooks.database.query(`UPDATE webhook SET url = $2 WHERE id = $1`, [
        id,
        receiver.url('/theirs'),
      ]);
      const healthy = await webhooks.register({ url: receiver.url('/healthy') });
      await webhooks.tell(aStep());

      await eventually(() => expect(receiver.at('/healthy')).toHaveLength(1), PATIENCE);

      expect(healthy.state).toBe('enabled');
      expect(receiver.at('/theirs')).toEqual([]);
    }));
});
