import {
  connectorOf,
  contextOf,
  databaseUrl,
  ofEach,
  serviceSpec,
  SIMULATED_NAMES,
  simulatedOf,
  specOf,
  textOf,
  type Environment,
  type Fields,
  type Random,
  type ServiceName,
  type SimulatedName,
  type StackPorts,
  type StackSite,
} from '@sluice/stack';
import { SimulatorControl } from '@sluice/test-kit';
import { freePort, type LocalIssuer } from '@sluice/test-servers';
import { allowanceOf } from './settings.js';
import type { InstanceSpec } from './instance.js';
import { INSTANCES, serviceOf, venueOfConnector, type InstanceName, type Scope } from './names.js';
import { VenueRelay } from './venue-relay.js';

export interface SystemOptions {
  readonly folder: string;
  /** Checkout with the built services to run. */
  readonly code: string;
  readonly random: Random;
  /** Servers on small file systems, where they can be mounted. */
  readonly disks: boolean;
  /** The folder stays. */
  readonly keep: boolean;
  readonly say: (line: string) => void;
  /** Number of instances of each service (default 2). */
  readonly instances?: 1 | 2;
  /** Number of Kafka brokers (default 1). With 3, no relay is placed in front of them. */
  readonly brokers?: 1 | 3;
  readonly postgresSettings?: Environment;
  /**
   * AUDITOR_PERMITS of connectors and signer (default advisory): a finding about a planted loss would
   * stop payments until two people close it.
   */
  readonly permits?: 'required' | 'advisory';
  /** Runs our own wallet, the signer and the chains as well. */
  readonly wallet?: boolean;
}

/** Addresses of the relays in front of the servers. */
export interface Wiring {
  brokers: readonly string[];
  readonly databasePorts: Map<InstanceName, number>;
  readonly venuePorts: Map<SimulatedName, number>;
}

interface Around {
  readonly scope: Scope;
  readonly ports: Readonly<Record<1 | 2, StackPorts>>;
  readonly site: StackSite;
  readonly issuer: LocalIssuer;
  readonly options?: Pick<SystemOptions, 'permits'>;
  book(venue: SimulatedName): SimulatorControl;
}

/**
 * Specifications of the instances as in the stack, but connected through relays and with
 * production's defaults (settings.ts).
 */
export function environments(system: Around, wiring: Wiring): readonly InstanceSpec[] {
  const { scope, ports, site, issuer } = system;
  const wanted = INSTANCES.filter((name) => scope.services.includes(serviceOf(name)));
  return wanted.map((name) => {
    const service = serviceOf(name);
    const venue = venueOfConnector(service);
    const port = wiring.databasePorts.get(name) ?? 0;
    const context = contextOf(
      { ...site, ports: ports[name.endsWith('1') ? 1 : 2] },
      {
        brokers: wiring.brokers,
        issuer: issuer.url,
        consoleSecret: issuer.consoleSecret,
        kafkaAsksLogins: true,
        logLevel: 'info',
        databases: ofEach(scope.services, (one) => databaseUrl(one, site.secrets, { port })),
        credentialsOf: (one) => throughRelay(system.book(one), wiring.venuePorts.get(one) ?? 0),
      },
    );
    const spec = serviceSpec(context, service, 'real');
    const environment = async (): Promise<Environment> => ({
      ...(await spec.environment()),
      ...(venue && allowanceOf(venue)),
      ...permitsOf(service, system),
    });
    return { ...spec, process: name, environment };
  });
}

function permitsOf(service: ServiceName, { options }: Around): Environment {
  const isAdvisory = specOf(service).needsPermits && options?.permits !== 'required';
  return isAdvisory ? { AUDITOR_PERMITS: 'advisory' } : {};
}

async function throughRelay(book: SimulatorControl, port: number): Promise<Fields> {
  const credentials = await book.credentials();
  const baseUrl = new URL(textOf(credentials['base_url']));
  baseUrl.port = String(port);
  return { ...credentials, base_url: baseUrl.href.replace(/\/$/, '') };
}

interface OpenVenue {
  readonly venue: SimulatedName;
  readonly book: SimulatorControl;
  readonly relay: VenueRelay;
  readonly relayPort: number;
}

/** Opens a book and a relay for each simulated venue, with the settings common to all runs. */
export async function openVenues(ports: StackPorts, random: Random): Promise<readonly OpenVenue[]> {
  const open: OpenVenue[] = [];
  for (const venue of SIMULATED_NAMES) {
    const { api, settings } = simulatedOf(venue);
    const port = ports[`simulator-${venue}`];
    const book = new SimulatorControl(`http://127.0.0.1:${port}`);
    const connectorUrl = `http://127.0.0.1:${ports[connectorOf(venue)]}`;
    await book.settings({
      rate_limits: { enabled: false },
      status_ms: 150,
      hang_ms: 6_000,
      slow_listing_ms: 3_000,
      ...settings?.(connectorUrl),
    });
    const relayPort = await freePort();
    const draw = random.of(`relay ${venue}`).next;
    const relay = await VenueRelay.open(relayPort, port, api, draw);
    open.push({ venue, book, relay, relayPort });
  }
  return open;
}
