import {
  adminPortOf,
  connectorEnvironment,
  contextOf,
  databaseUrl,
  ofEach,
  serviceEnvironment,
  specOf,
  type Environment,
  type StackSite,
  type StackPorts,
  type SystemContext,
  type SimulatedName,
} from '@sluice/stack';
import type { LocalIssuer } from '@sluice/test-servers';
import { allowanceOf } from './settings.js';
import type { InstanceSpec } from './instance.js';
import { textOf, type Fields } from './json.js';
import { INSTANCES, serviceOf, venueOfConnector, type InstanceName, type Scope } from './names.js';
import type { SimulatorBook } from './simulators.js';
import type { SystemOptions } from './system-options.js';

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
  book(venue: SimulatedName): SimulatorBook;
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
