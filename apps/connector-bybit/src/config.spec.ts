import { testMessageKeysText } from '@sluice/test-kit';
import { bybitConfig } from './config.js';

const ENV = {
  PORT: '0',
  KAFKA_BROKERS: 'localhost:9092',
  AUDITOR_PERMITS: 'advisory',
  DATABASE_URL: 'postgres://localhost/x',
  MESSAGE_KEYS: testMessageKeysText('connector-bybit'),
  OIDC_ISSUER: 'https://issuer.example',
  BYBIT_API_KEY: 'key',
  BYBIT_API_SECRET: 'do-not-print',
};

describe('bybitConfig', () => {
  it('pays on the test network by default', () => {
    expect(bybitConfig(ENV).baseUrl).toContain('testnet');
  });

  it.each([
    [{ BYBIT_API_KEY: undefined }, 'BYBIT_API_KEY is missing'],
    [{ BYBIT_API_SECRET: '' }, 'BYBIT_API_SECRET is missing'],
    [{ BYBIT_ACCOUNT_TYPES: 'FUND,SPOT' }, 'must be some of FUND, UTA, EARN, not SPOT'],
    [{ BYBIT_ACCOUNT_TYPES: ',' }, 'must be some of FUND, UTA, EARN'],
    [{ RATE_PLAN: '{"POST /pay":{"limit":0,"perMs":1}}' }, 'must be {"limit": n, "perMs": n}'],
  ])('refuses %j', (change, message) => {
    expect(() => bybitConfig({ ...ENV, ...change })).toThrow(message);
  });

  it('does not print the secret', () => {
    expect(JSON.stringify(bybitConfig(ENV))).not.toContain('do-not-print');
  });
});
