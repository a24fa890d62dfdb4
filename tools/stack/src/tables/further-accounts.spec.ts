import '../testkit/gateio-treasury.js';
import { PORT_NAMES, layoutOf } from '../layout/layout.js';
import { connectorEnvironment, serviceEnvironment, urlOf } from '../system/service-environment.js';
import { simulatorSpec } from '../system/service-process.js';
import { stepsOf } from '../start/tour-steps.js';
import { aSystemContext } from '../testkit/samples.js';
import { KAFKA_RIGHTS, KEY_PAIRS } from './credentials.js';
import { SERVICE_NAMES, specOf } from './services.js';
import { appOf, connectorOf, furtherAccount, VENUE_NAMES, venueOf } from './venues.js';

const TREASURY = furtherAccount('gateio-treasury');
const CONNECTOR = 'connector-gateio-treasury';
const CONTEXT = aSystemContext();

describe('a further account at a venue', () => {
  it('is a venue of its own in every table, run by the program of its venue', () => {
    expect(VENUE_NAMES).toContain(TREASURY);
    expect(SERVICE_NAMES).toContain(CONNECTOR);
    expect(PORT_NAMES).toEqual(expect.arrayContaining([CONNECTOR, 'simulator-gateio-treasury']));
    expect(specOf(connectorOf(TREASURY))).toMatchObject({ database: 'connector_gateio_treasury' });
    expect(appOf(CONNECTOR)).toBe('connector-gateio');
    expect(appOf('ledger')).toBe('ledger');
    expect(venueOf(TREASURY)).toMatchObject({ title: 'Gate.io (gateio-treasury)' });
    expect(venueOf(TREASURY).always).toBeUndefined();
    expect(() => furtherAccount('gateio-other')).toThrow('VENUE_ACCOUNTS has no gateio-other');
  });

  it('has rights at Kafka to its own topics only, and keys shared with no connector', () => {
    expect(KAFKA_RIGHTS.find(({ username }) => username === CONNECTOR)).toMatchObject({
      writes: expect.arrayContaining(['venue.gateio-treasury.events']) as unknown,
      reads: expect.arrayContaining(['venue.gateio-treasury.commands']) as unknown,
      group: { name: CONNECTOR },
    });
    expect(
      KAFKA_RIGHTS.filter(({ writes }) => writes.includes('venue.gateio.events')).map(
        ({ username }) => username,
      ),
    ).toEqual(['connector-gateio']);
    expect(KEY_PAIRS.filter((pair) => pair.includes(CONNECTOR)).toSorted()).toEqual([
      `auditor~${CONNECTOR}`,
      `${CONNECTOR}~${CONNECTOR}`,
      `${CONNECTOR}~intake-api`,
      `${CONNECTOR}~ledger`,
    ]);
  });

  it('gives the connector its account, and all services the list', () => {
    const credentials = { base_url: 'u', api_key: 'k', api_secret: 's' };

    expect(connectorEnvironment(CONTEXT, TREASURY, credentials, 'real')).toMatchObject({
      VENUE_ACCOUNT: 'gateio-treasury',
      VENUE_ACCOUNTS: 'gateio-treasury',
      GATEIO_API_KEY: 'k',
      KAFKA_USERNAME: CONNECTOR,
    });
    expect(connectorEnvironment(CONTEXT, 'gateio', credentials, 'real')).not.toHaveProperty(
      'VENUE_ACCOUNT',
    );
    for (const name of SERVICE_NAMES)
      expect(serviceEnvironment(CONTEXT, name)).toMatchObject({
        VENUE_ACCOUNTS: 'gateio-treasury',
      });
  });

  it('gives the auditor no key twice', () => {
    const environment = serviceEnvironment(CONTEXT, 'auditor');

    expect(environment).toMatchObject({
      GATEIO_BASE_URL: `${urlOf(CONTEXT.ports['simulator-gateio'])}/api/v4`,
    });
    expect(Object.keys(environment).filter((name) => name.includes('__'))).toEqual([]);
  });

  it('has a book of its own at the simulator, and no part in the demo', () => {
    const spec = simulatorSpec(
      { ports: CONTEXT.ports, layout: layoutOf('x'), tls: null },
      ['gateio', TREASURY],
      'info',
      'fast',
    );

    expect(spec.args?.[2]).toBe(
      `gateio=${CONTEXT.ports['simulator-gateio']},gateio-treasury=${CONTEXT.ports[`simulator-${TREASURY}`]}`,
    );
    expect(stepsOf('x').paid.map(({ venue }) => venue)).not.toContain(TREASURY);
  });
});
