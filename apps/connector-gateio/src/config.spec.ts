import { testMessageKeysText } from '@sluice/test-kit';
import { gateioConfig } from './config.js';

const ENV = {
  PORT: '0',
  KAFKA_BROKERS: 'localhost:9092',
  AUDITOR_PERMITS: 'advisory',
  DATABASE_URL: 'postgres://localhost/x',
  MESSAGE_KEYS: testMessageKeysText('connector-gateio'),
  OIDC_ISSUER: 'https://issuer.example',
  GATEIO_API_KEY: 'key',
  GATEIO_API_SECRET: 'do-not-print',
};

describe('gateioConfig', () => {
  it('pays on the test network by default', () => {
    expect(gateioConfig(ENV).baseUrl).toContain('testnet');
  });

  it('looks a refusal up when a listing of 12 s, as observed, has had its time', () => {
    expect(gateioConfig(ENV).refusalLookupAfterMs).toBeGreaterThan(24_000);
  });

  it.each([
    [{ GATEIO_API_KEY: undefined }, 'GATEIO_API_KEY is missing'],
    [
      { AUDITOR_PERMITS: undefined },
      'AUDITOR_PUBLIC_KEYS is missing: with AUDITOR_PERMITS=required',
    ],
    [{ AUDITOR_PERMITS: 'no' }, 'AUDITOR_PERMITS must be required or advisory'],
    [{ GATEIO_API_SECRET: '' }, 'GATEIO_API_SECRET is missing'],
  ])('refuses %j', (change, message) => {
    expect(() => gateioConfig({ ...ENV, ...change })).toThrow(message);
  });

  it('does not print the secret', () => {
    expect(JSON.stringify(gateioConfig(ENV))).not.toContain('do-not-print');
  });
});
