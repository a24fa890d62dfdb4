import { testMessageKeysText } from '@sluice/test-kit';
import { bitmartConfig } from './config.js';

const ENV = {
  PORT: '0',
  KAFKA_BROKERS: 'localhost:9092',
  AUDITOR_PERMITS: 'advisory',
  DATABASE_URL: 'postgres://localhost/x',
  MESSAGE_KEYS: testMessageKeysText('connector-bitmart'),
  OIDC_ISSUER: 'https://issuer.example',
  BITMART_BASE_URL: 'https://venue.example',
  BITMART_API_KEY: 'key',
  BITMART_API_SECRET: 'secret',
  BITMART_MEMO: 'memo',
};

describe('bitmartConfig', () => {
  it('refuses by default from the day on which the platform ceases to operate', () => {
    expect(bitmartConfig(ENV)).toMatchObject({
      refuseFrom: new Date('2027-01-31T15:59:00Z'),
      amountIs: 'gross',
    });
  });

  it('takes the other reading of amounts', () => {
    expect(bitmartConfig({ ...ENV, BITMART_AMOUNT_IS: 'net' }).amountIs).toBe('net');
  });

  it.each([
    [{ BITMART_BASE_URL: undefined }, 'BITMART_BASE_URL is missing'],
    [{ BITMART_MEMO: '' }, 'BITMART_MEMO is missing'],
    [{ BITMART_AMOUNT_IS: 'maybe' }, 'BITMART_AMOUNT_IS must be gross or net'],
  ])('refuses %j', (change, message) => {
    expect(() => bitmartConfig({ ...ENV, ...change })).toThrow(message);
  });

  it('does not print the memo: it is half of the signature', () => {
    expect(JSON.stringify(bitmartConfig(ENV))).not.toContain('"memo":"memo"');
  });
});
