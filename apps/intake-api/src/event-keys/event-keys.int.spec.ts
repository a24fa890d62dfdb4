import { EventSigningKey } from '@sluice/signing';
import { testDatabase } from '@sluice/test-servers';
import { givenApi, type TestApi } from '../testkit/given-api.js';

const [signing, next] = ['events', 'next'].map(
  (text) => EventSigningKey.parse(Buffer.alloc(32, text).toString('base64')).publicKey,
);

describe('the public keys of events', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await givenApi(await testDatabase('event_keys'), {
      EVENTS_PUBLIC_KEYS: `${signing?.publicKey}\n${next?.publicKey}`,
    });
  });
  afterAll(() => api.close());

  it('are readable without a signature and cacheable, the signing key first', async () => {
    const { status, headers, body } = await api.send({ target: '/v1/event-keys' });

    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=300']);
    expect(body.data).toEqual({
      keys: [signing, next].map((key) => ({
        id: key?.id,
        algorithm: 'Ed25519',
        public_key: key?.publicKey,
      })),
    });
  });

  it('are read, and nothing else', async () => {
    expect(await api.send({ method: 'POST', target: '/v1/event-keys', body: '{}' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });
});
