import {
  SIMULATED_NAMES,
  adminPortOf,
  connectorEnvironment,
  connectorOf,
  contextOf,
  databaseUrl,
  ofEach,
  serviceEnvironment,
  simulatedOf,
  specOf,
  textOf,
  type Environment,
  type Fields,
  type SimulatedName,
  type StackPorts,
  type StackSite,
  type SystemContext,
} from '@sluice/stack';
import { SimulatorControl } from '@sluice/test-kit';
import { freePort, type LocalIssuer } from '@sluice/test-servers';
import type { Random } from './random.js';
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

type Specs = readonly Pick<InstanceSpec, 'name' | 'environment' | 'healthUrl' | 'readyUrl'>[];

/**
 * Specifications of the instances as in the stack, but connected through relays and with
 * production's defaults (settings.ts).
 */
export function environments(system: Around, wiring: Wiring): Specs {
  const wanted = INSTANCES.filter((name) => system.scope.services.includes(serviceOf(name)));
  return wanted.map((name) => {
    const ports = system.ports[name.endsWith('1') ? 1 : 2];
    const url = `http://127.0.0.1:${adminPortOf(ports, serviceOf(name))}`;
    return {
      name,
      environment: async () => ({
        ...(await environmentOf(name, ports, system, wiring)),
        ...permitsOf(name, system),
      }),
      healthUrl: `${url}/healthz`,
      readyUrl: `${url}/readyz`,
    };
  });
}

function permitsOf(name: InstanceName, { options }: Around): Environment {
  const isAdvisory = specOf(serviceOf(name)).needsPermits && options?.permits !== 'required';
  return isAdvisory ? { AUDITOR_PERMITS: 'advisory' } : {};
}

async function environmentOf(
  name: InstanceName,
  ports: StackPorts,
  system: Around,
  wiring: Wiring,
): Promise<Environment> {
  const context = systemContextOf(name, ports, system, wiring);
  const service = serviceOf(name);
  const venue = venueOfConnector(service);
  if (!venue) return serviceEnvironment(context, service);
  const credentials = await system.book(venue).credentials();
  const baseUrl = new URL(textOf(credentials['base_url']));
  baseUrl.port = String(wiring.venuePorts.get(venue) ?? 0);
  const through: Fields = { ...credentials, base_url: baseUrl.href.replace(/\/$/, '') };
  return { ...connectorEnvironment(context, venue, through, 'real'), ...allowanceOf(venue) };
}

function systemContextOf(
  name: InstanceName,
  ports: StackPorts,
  { scope, site, issuer }: Around,
  { brokers, databasePorts }: Wiring,
): SystemContext {
  const port = databasePorts.get(name) ?? 0;
  return contextOf(
    { ...site, ports },
    {
      brokers,
      issuer: issuer.url,
      kafkaAsksLogins: true,
      logLevel: 'info',
      databases: ofEach(scope.services, (one) => databaseUrl(one, site.secrets, { port })),
    },
  );
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
