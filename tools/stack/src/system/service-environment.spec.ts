import { aSystemContext } from '../testkit/samples.js';
import { connectorOf, SIMULATED_NAMES, simulatedOf, type SimulatedName } from '../tables/venues.js';
import { connectorEnvironment, serviceEnvironment, urlOf } from './service-environment.js';

const CONTEXT = aSystemContext();
const { ports } = CONTEXT;

/** What the simulator of a venue hands out, each field named by itself. */
function credentialsOf(venue: SimulatedName): Record<string, string> {
  return Object.fromEntries(
    Object.values(simulatedOf(venue).credentials).map((field) => [field, `the ${field}`]),
  );
}

describe('the environment of a service', () => {
  it('holds the key that seals secrets and the second port for the intake alone', () => {
    expect(serviceEnvironment(CONTEXT, 'intake-api')).toMatchObject({
      PORT: `${ports['intake-api']}`,
      INTERNAL_PORT: `${ports['intake-api-admin']}`,
      LEDGER_URL: urlOf(ports.ledger),
      SECRETS_KEK: 'kek',
    });
    expect(Object.keys(serviceEnvironment(CONTEXT, 'ledger'))).not.toEqual(
      expect.arrayContaining(['SECRETS_KEK']),
    );
    expect(Object.keys(serviceEnvironment(CONTEXT, 'ledger'))).not.toEqual(
      expect.arrayContaining(['INTERNAL_PORT']),
    );
  });

  it('gives a service the private key for its calls, and gives the called services only the public key', () => {
    expect(serviceEnvironment(CONTEXT, 'intake-api')).toMatchObject({
      SERVICE_KEY: '{"kid":"1","d":"private"}',
    });
    expect(serviceEnvironment(CONTEXT, 'ledger')).toMatchObject({
      SERVICE_CALLERS: '{"intake-api":[{"kid":"1"}]}',
    });
    expect(Object.keys(serviceEnvironment(CONTEXT, 'connector-gateio')).join()).not.toMatch(
      /SERVICE_KEY|SERVICE_CALLERS|TOKEN/,
    );
  });

  it('names the wallet to the intake where the wallet runs, and leaves it out elsewhere', () => {
    expect(serviceEnvironment(CONTEXT, 'intake-api')).toMatchObject({
      CONNECTOR_EVM_URL: urlOf(ports['connector-evm']),
    });
    expect(serviceEnvironment(CONTEXT, 'connector-evm')).toMatchObject({
      SERVICE_CALLERS: '{"intake-api":[{"kid":"1"}]}',
    });
    const { 'connector-evm': _wallet, ...databases } = CONTEXT.databases;
    const without = serviceEnvironment({ ...CONTEXT, databases }, 'intake-api');
    expect(without).not.toHaveProperty('CONNECTOR_EVM_URL');
    expect(without).toMatchObject({ LEDGER_URL: urlOf(ports.ledger) });
  });

  it('names each service its own database and all brokers', () => {
    expect(serviceEnvironment(CONTEXT, 'ledger')).toMatchObject({
      DATABASE_URL: 'postgres://ledger',
      KAFKA_BROKERS: 'h1:1,h2:2',
      OIDC_ISSUER: 'http://issuer',
      AUDIT_KEY_FILE: 'keys/ledger.audit',
      LOG_LEVEL: 'warn',
    });
    expect(connectorEnvironment(CONTEXT, 'gateio', credentialsOf('gateio'), 'real')).toMatchObject({
      DATABASE_URL: 'postgres://connector-gateio',
      GATEIO_BASE_URL: 'the base_url',
      GATEIO_API_KEY: 'the api_key',
      GATEIO_API_SECRET: 'the api_secret',
    });
  });

  it.each(SIMULATED_NAMES)(
    'gives the connector of %s a port and a database that no other has, and what its simulator hands out',
    (venue) => {
      const environment = connectorEnvironment(CONTEXT, venue, credentialsOf(venue), 'real');

      expect(environment).toMatchObject({
        PORT: `${ports[connectorOf(venue)]}`,
        DATABASE_URL: `postgres://${connectorOf(venue)}`,
      });
      for (const [variable, field] of Object.entries(simulatedOf(venue).credentials))
        expect(environment[variable]).toBe(`the ${field}`);
    },
  );

  it('is not made up where the simulator lacks a credential', () => {
    expect(() =>
      connectorEnvironment(
        CONTEXT,
        'bitmart',
        { base_url: 'http://x', api_key: 'k', api_secret: 's' },
        'real',
      ),
    ).toThrow('the BitMart simulator gives no memo');
  });

  it.each(SIMULATED_NAMES)(
    'widens the rate plan of %s only where the venue is fast as well',
    (venue) => {
      expect(connectorEnvironment(CONTEXT, venue, credentialsOf(venue), 'real')).not.toHaveProperty(
        'RATE_PLAN',
      );
      const { RATE_PLAN: plan = '' } = connectorEnvironment(
        CONTEXT,
        venue,
        credentialsOf(venue),
        'fast',
      );
      expect(Object.keys(JSON.parse(plan))).toEqual(simulatedOf(venue).endpoints);
    },
  );
});
