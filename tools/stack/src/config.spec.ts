import { stackConfig } from './config.js';

const URLS = {
  DATABASE_URL_INTAKE: 'postgres://a/intake',
  DATABASE_URL_LEDGER: 'postgres://a/ledger',
  DATABASE_URL_CONNECTOR_GATEIO: 'postgres://a/gateio',
};

describe('stackConfig', () => {
  it('starts servers of its own when nothing is set', () => {
    const config = stackConfig({});

    expect(config.kafkaBrokers).toBeUndefined();
    expect(config.databaseUrls).toBeUndefined();
    expect(config.home).toMatch(/\.sluice$/);
  });

  it('takes an existing Kafka from a list with blanks and empty entries', () => {
    expect(stackConfig({ KAFKA_BROKERS: ' a:9092, ,b:9092' }).kafkaBrokers).toEqual(['a:9092', 'b:9092']);
  });

  it('takes existing databases only when all three are named, and says which are missing', () => {
    expect(stackConfig(URLS).databaseUrls).toEqual({
      intake: 'postgres://a/intake',
      ledger: 'postgres://a/ledger',
      'connector-gateio': 'postgres://a/gateio',
    });

    const { DATABASE_URL_LEDGER: _, ...incomplete } = URLS;
    expect(() => stackConfig(incomplete)).toThrow(/missing: DATABASE_URL_LEDGER$/);
  });
});
