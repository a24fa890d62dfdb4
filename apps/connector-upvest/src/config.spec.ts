import { generateKeyPairSync } from 'node:crypto';
import { testMessageKeysText } from '@sluice/test-kit';
import { upvestConfig } from './config.js';

const pem = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const ENV = {
  UPVEST_CLIENT_ID: 'c',
  UPVEST_CLIENT_SECRET: 'hush',
  UPVEST_KEY_ID: 'k',
  UPVEST_PRIVATE_KEY: pem,
  PORT: '0',
  KAFKA_BROKERS: 'a:1',
  AUDITOR_PERMITS: 'advisory',
  DATABASE_URL: 'postgresql://a/b',
  MESSAGE_KEYS: testMessageKeysText('connector-upvest'),
  OIDC_ISSUER: 'https://issuer.example',
};

describe('the configuration', () => {
  it('is the sandbox by default, without webhooks, and takes a key with its line ends written out', () => {
    const config = upvestConfig({ ...ENV, UPVEST_PRIVATE_KEY: pem.replaceAll('\n', '\\n') });

    expect(config).toMatchObject({
      baseUrl: 'https://sandbox.upvest.co',
      webhookPublicKey: null,
    });
    expect(config.privateKey.reveal()).toBe(pem);
  });

  it('refuses an invalid key without printing the value', () => {
    const read = (): unknown =>
      upvestConfig({ ...ENV, UPVEST_PRIVATE_KEY: 'hush-hush', UPVEST_WEBHOOK_PUBLIC_KEY: 'x' });

    expect(read).toThrow(
      'UPVEST_PRIVATE_KEY must be an EC or Ed25519 key in PEM; UPVEST_WEBHOOK_PUBLIC_KEY must be',
    );
    expect(read).not.toThrow('hush-hush');
  });
});
