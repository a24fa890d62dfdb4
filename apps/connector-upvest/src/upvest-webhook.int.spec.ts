import { generateKeyPairSync } from 'node:crypto';
import { benchFor, happens, type TestConnector } from '@sluice/connector-testing';
import { signUpvest } from '@sluice/signing';
import { firstUserOf, orderTo, type TestUser } from './testing/orders.js';
import { UPVEST_KIT } from './testing/upvest-kit.js';

const bench = benchFor(UPVEST_KIT);
const JSON_TYPE = { 'content-type': 'application/json' };
const SIGNING = { keyId: 'k', created: 1, expires: 2, nonce: 'n' };
let user: TestUser;

beforeAll(async () => void (user = await firstUserOf(bench.simulator)));

describe('a webhook', () => {
  /** The connector with the key of the simulator's webhooks, and where it takes them. */
  async function givenListening(): Promise<{ connector: TestConnector; url: string }> {
    const { webhook_public_key: key } = await bench.simulator.credentials();
    const connector = await bench.connector({
      pollIntervalMs: 60_000,
      webhookPublicKey: String(key),
    });
    await connector.app.listen(0, '127.0.0.1');
    return { connector, url: `${await connector.app.getUrl()}/webhooks/upvest` };
  }

  it('causes an immediate look-up, and is not trusted otherwise', async () => {
    const { connector, url } = await givenListening();
    await bench.simulator.settings({
      webhooks: [{ id: 'h', title: 't', url, type: ['ALL'], enabled: true }],
      webhook_delivery: { duplicate: true, reorder: true },
    });
    const order = orderTo(user, '24.01');
    await new Promise((resolve) => setTimeout(resolve, 100));

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    const forged = JSON.stringify({
      payload: [{ type: 'WITHDRAWAL.CANCELLED', object: { id: 'x', status: 'CANCELLED' } }],
    });
    expect(
      (
        await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: forged,
        })
      ).status,
    ).toBe(401);
  });

  it('counts for nothing without a signature over its very bytes, and is refused where it cannot be read', async () => {
    const [own, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    const connector = await bench.connector({
      webhookPublicKey: own.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    });
    const deliver = async (signed: string, sent = signed, { privateKey } = own) => {
      const message = { method: 'POST', path: '/webhooks/upvest', query: '', headers: JSON_TYPE };
      const signature = signUpvest('v6', privateKey, { ...message, body: signed }, SIGNING);
      const { statusCode, body } = await connector.app.inject({
        method: 'POST',
        url: '/webhooks/upvest',
        headers: { ...JSON_TYPE, ...signature },
        payload: sent,
      });
      return [statusCode, body];
    };
    const notSigned = [401, '{"success":false,"message":"The signature does not fit"}'];
    const events = JSON.stringify({ payload: [{ type: 'WITHDRAWAL.NEW', object: null }, 7] });

    expect(await deliver(events)).toEqual([200, '{}']);
    expect(await deliver(events, events.replace('NEW', 'OLD'))).toEqual(notSigned);
    expect(await deliver(events, events, other)).toEqual(notSigned);
    expect(await deliver('')).toEqual(notSigned);
    for (const unreadable of ['[]', '{}', '{"payload":{}}', 'x'])
      expect((await deliver(unreadable))[0]).toBe(422);
  });

  it('is not found where no key is set', async () => {
    const { app } = await bench.connector();

    expect((await app.inject({ method: 'POST', url: '/webhooks/upvest' })).statusCode).toBe(404);
  });
});
