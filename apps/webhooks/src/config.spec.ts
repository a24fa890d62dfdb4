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
  it('are those of the contract unless told: ten seconds, no loopback, three days', () => {
    expect(webhooksConfig(ENV)).toMatchObject({
      timeoutMs: 10_000,
      allowLoopback: false,
      pauseAfterHours: 72,
    });
  });

  it.each<[string, object, string]>([
    [
      'loopback in production',
      { NODE_ENV: 'production', WEBHOOK_ALLOW_LOOPBACK: 'true' },
      'WEBHOOK_ALLOW_LOOPBACK is for development',
    ],
    ['more than ten seconds', { WEBHOOK_TIMEOUT_MS: '10001' }, 'must be at most 10000'],
    ['a lease that a request outlives', { WEBHOOK_LEASE_MS: '19999' }, 'at least twice'],
    ['no key', { SECRETS_KEK: '' }, 'SECRETS_KEK is missing'],
    ['no key of events', { EVENTS_PUBLIC_KEYS: '' }, 'EVENTS_PUBLIC_KEYS is missing'],
    ['half a key of events', { EVENTS_PUBLIC_KEYS: 'aHVzaA==' }, 'must be 32 bytes in base64'],
    ['nothing at once', { WEBHOOKS_IN_FLIGHT: '0' }, 'WEBHOOKS_IN_FLIGHT'],
  ])('do not start with %s', (_what, change, sentence) => {
    expect(() => webhooksConfig({ ...ENV, ...change })).toThrow(sentence);
  });
});
