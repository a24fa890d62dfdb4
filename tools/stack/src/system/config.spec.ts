import { DATABASE_VARIABLES, OWNER_VARIABLES, stackConfig } from './config.js';
import { SERVICE_NAMES } from '../tables/services.js';

const URLS: Record<string, string> = Object.fromEntries(
  [...Object.values(DATABASE_VARIABLES), ...Object.values(OWNER_VARIABLES)].map((variable) => [
    variable,
    `postgres://a/${variable}`,
  ]),
);

describe('stackConfig', () => {
  it('starts servers of its own when nothing is set', () => {
    const config = stackConfig({});

    expect(config.kafkaBrokers).toBeUndefined();
    expect(config.existing).toBeUndefined();
    expect(config.home).toMatch(/\.sluice$/);
  });

  it('takes an existing Kafka from a list with blanks and empty entries', () => {
    expect(stackConfig({ KAFKA_BROKERS: ' a:9092, ,b:9092' }).kafkaBrokers).toEqual([
      'a:9092',
      'b:9092',
    ]);
  });

  it('has a variable for each database, which names an existing one', () => {
    expect(Object.keys(DATABASE_VARIABLES)).toEqual(SERVICE_NAMES);
    expect(DATABASE_VARIABLES).toMatchObject({
      'intake-api': 'DATABASE_URL_INTAKE',
      'connector-gateio': 'DATABASE_URL_CONNECTOR_GATEIO',
    });
  });

  it('accepts existing databases only if all are named, and lists the missing databases', () => {
    expect(stackConfig(URLS).existing).toMatchObject({
      urls: {
        'intake-api': 'postgres://a/DATABASE_URL_INTAKE',
        'connector-upvest': 'postgres://a/DATABASE_URL_CONNECTOR_UPVEST',
      },
      ownerUrls: { ledger: 'postgres://a/DATABASE_OWNER_URL_LEDGER' },
    });

    const { DATABASE_URL_LEDGER: _url, DATABASE_OWNER_URL_INTAKE: _owner, ...incomplete } = URLS;
    expect(() => stackConfig(incomplete)).toThrow(
      /missing: DATABASE_URL_LEDGER, DATABASE_OWNER_URL_INTAKE$/,
    );
  });
});
