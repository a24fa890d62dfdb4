import { connectorEnvironment, intakeEnvironment, ledgerEnvironment, type Surroundings } from './service-environment.js';

const WORLD: Surroundings = {
  ports: { postgres: 1, kafka: 2, kafkaController: 3, 'intake-api': 4, intakeInternal: 5, ledger: 6, 'connector-gateio': 7, 'venue-simulator': 8 },
  secrets: { postgres: 'p', databases: { intake: 'a', ledger: 'b', 'connector-gateio': 'c' }, secretsKek: 'kek', internalToken: 'token' },
  brokers: ['h1:1', 'h2:2'],
  databases: { intake: 'postgres://intake', ledger: 'postgres://ledger', 'connector-gateio': 'postgres://gateio' },
  logLevel: 'warn',
};

const CREDENTIALS = { base_url: 'http://127.0.0.1:8/api/v4', api_key: 'k', api_secret: 's' };

describe('the environment of a service', () => {
  it('holds the key that seals secrets and the second port for the intake alone', () => {
    expect(intakeEnvironment(WORLD)).toMatchObject({ PORT: '4', INTERNAL_PORT: '5', LEDGER_URL: 'http://127.0.0.1:6', SECRETS_KEK: 'kek' });
    expect(Object.keys(ledgerEnvironment(WORLD))).not.toEqual(expect.arrayContaining(['SECRETS_KEK']));
    expect(Object.keys(ledgerEnvironment(WORLD))).not.toEqual(expect.arrayContaining(['INTERNAL_PORT']));
  });

  it('names each service its own database and all brokers', () => {
    expect(ledgerEnvironment(WORLD)).toMatchObject({
      DATABASE_URL: 'postgres://ledger',
      KAFKA_BROKERS: 'h1:1,h2:2',
      INTERNAL_TOKEN: 'token',
      LOG_LEVEL: 'warn',
    });
    expect(connectorEnvironment(WORLD, CREDENTIALS, 'real')).toMatchObject({
      DATABASE_URL: 'postgres://gateio',
      GATEIO_BASE_URL: 'http://127.0.0.1:8/api/v4',
      GATEIO_API_KEY: 'k',
      GATEIO_API_SECRET: 's',
    });
  });

  it('widens the rate plan only where the venue is fast as well', () => {
    expect(connectorEnvironment(WORLD, CREDENTIALS, 'real')).not.toHaveProperty('RATE_PLAN');
    expect(connectorEnvironment(WORLD, CREDENTIALS, 'fast')).toHaveProperty('RATE_PLAN');
  });
});
