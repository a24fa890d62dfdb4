import { testMessageKeysText } from '@sluice/test-kit';
import { webhooksConfig } from './config.js';

const ENV = {
  PORT: '1',
  KAFKA_BROKERS: 'none:9092',
  DATABASE_URL: 'postgres://a:b@127.0.0.1/c',
  OIDC_ISSUER: 'http://127.0.0.1:1',
  MESSAGE_KEYS: testMessageKeysText('webhooks'),
  EVENTS_PUBLIC_KEYS: Buffer.alloc(32, 'k').toString('base64'),
  SECRETS_KEK: Buffer.alloc(32, 'kek of webhooks').toString('base64'),
};

describe('the settings of webhooks', () => {
  it('hold the sealing key first, and further keys that open', () => {
    const former = Buffer.alloc(32, 'former').toString('base64');
    const { secretsKeks } = webhooksConfig({
      ...ENV,
      SECRETS_KEK: `${ENV.SECRETS_KEK}\n${former}\n`,
    });
    expect(secretsKeks.map((one) => one.reveal())).toEqual([ENV.SECRETS_KEK, former]);
  });

  it('are those of the contract: ten seconds, a lease of more than twice that, three days', () => {
    expect(webhooksConfig(ENV)).toMatchObject({
      timeoutMs: 10_000,
      leaseMs: 30_000,
      pauseAfterHours: 72,
    });
  });

  it.each<[string, object, string]>([
    ['no key', { SECRETS_KEK: '' }, 'SECRETS_KEK is missing'],
    ['half a second key', { SECRETS_KEK: `${ENV.SECRETS_KEK}\naHVzaA==` }, 'must be 32 bytes'],
    ['no key of events', { EVENTS_PUBLIC_KEYS: '' }, 'EVENTS_PUBLIC_KEYS is missing'],
    ['half a key of events', { EVENTS_PUBLIC_KEYS: 'aHVzaA==' }, 'must be 32 bytes in base64'],
  ])('do not start with %s', (_what, change, sentence) => {
    expect(() => webhooksConfig({ ...ENV, ...change })).toThrow(sentence);
  });
});
