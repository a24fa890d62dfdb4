import { DATABASE_VARIABLES, stackConfig } from './config.js';

const URLS: Record<string, string> = Object.fromEntries(
  Object.values(DATABASE_VARIABLES).map((variable) => [variable, `postgres://a/${variable}`]),
);

describe('stackConfig', () => {
  it('starts servers of its own when nothing is set', () => {
    const config = stackConfig({});

    expect(config.kafkaBrokers).toBeUndefined();
    expect(config.databaseUrls).toBeUndefined();
    expect(config.home).toMatch(/\.sluice$/);
  });

  it('takes an existing Kafka from a list with blanks and empty entries', () => {
    expect(stackConfig({ KAFKA_BROKERS: ' a:9092, ,b:9092' }).kafkaBrokers).toEqual([
      'a:9092',
      'b:9092',
    ]);
  });

  it('has a database for intake, ledger and the connector of each venue, and a variable that names an existing one', () => {
    expect(Object.values(DATABASE_VARIABLES)).toEqual([
      'DATABASE_URL_INTAKE',
      'DATABASE_URL_LEDGER',
      'DATABASE_URL_CONNECTOR_GATEIO',
      'DATABASE_URL_CONNECTOR_BITMART',
      'DATABASE_URL_CONNECTOR_BYBIT',
      'DATABASE_URL_CONNECTOR_UPVEST',
    ]);
  });

  it('takes existing databases only when all of them are named, and says which are missing', () => {
    expect(stackConfig(URLS).databaseUrls).toMatchObject({
      'intake-api': 'postgres://a/DATABASE_URL_INTAKE',
      'connector-upvest': 'postgres://a/DATABASE_URL_CONNECTOR_UPVEST',
    });

    const { DATABASE_URL_LEDGER: _, ...incomplete } = URLS;
    expect(() => stackConfig(incomplete)).toThrow(/missing: DATABASE_URL_LEDGER$/);
  });
});
