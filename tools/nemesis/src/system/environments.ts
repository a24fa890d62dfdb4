import {
  connectorEnvironment,
  connectorOf,
  DATABASES,
  intakeEnvironment,
  ledgerEnvironment,
  VENUE_NAMES,
  type DatabaseUrls,
  type Environment,
  type StackPorts,
  type StackSecrets,
  type SystemContext,
  type VenueName,
} from '@sluice/stack';
import { SHORT } from '../settings.js';
import type { InstanceSpec } from './instance.js';
import { textOf } from './json.js';
import { INSTANCES, serviceOf, venueOfConnector, type InstanceName } from './names.js';
import type { SimulatorBook } from './simulators.js';

/** Where the relays are that stand before each server. */
export interface Wiring {
  brokers: readonly string[];
  readonly databasePorts: Map<InstanceName, number>;
  readonly venuePorts: Map<VenueName, number>;
}

interface Around {
  readonly ports: Readonly<Record<1 | 2, StackPorts>>;
  readonly secrets: StackSecrets;
  book(venue: VenueName): SimulatorBook;
}

type Specs = readonly Pick<InstanceSpec, 'name' | 'environment' | 'healthUrl' | 'readyUrl'>[];

/** Each instance as the stack would start it, but by way of relays, and with short times. */
export function environments(system: Around, wiring: Wiring): Specs {
  return INSTANCES.map((name) => {
    const ports = system.ports[name.endsWith('1') ? 1 : 2];
    const service = serviceOf(name);
    const url = `http://127.0.0.1:${service === 'intake-api' ? ports.intakeInternal : ports[service]}`;
    return {
      name,
      environment: () => environmentOf(name, ports, system, wiring),
      healthUrl: `${url}/healthz`,
      readyUrl: `${url}/readyz`,
    };
  });
}

async function environmentOf(
  name: InstanceName,
  ports: StackPorts,
  system: Around,
  wiring: Wiring,
): Promise<Environment> {
  const context = systemContextOf(name, ports, system.secrets, wiring);
  const service = serviceOf(name);
  if (service === 'intake-api') return { ...intakeEnvironment(context), ...SHORT.common };
  if (service === 'ledger') return { ...ledgerEnvironment(context), ...SHORT.common };
  const venue = venueOfConnector(service);
  if (!venue) throw new Error(`${service} has no venue`);
  const credentials = await system.book(venue).credentials();
  const baseUrl = new URL(textOf(credentials['base_url']));
  baseUrl.port = String(wiring.venuePorts.get(venue) ?? 0);
  const through = { ...credentials, base_url: baseUrl.href.replace(/\/$/, '') };
  return {
    ...connectorEnvironment(context, venue, through, 'fast'),
    ...SHORT.common,
    ...SHORT.connector,
  };
}

function systemContextOf(
  name: InstanceName,
  ports: StackPorts,
  secrets: StackSecrets,
  { brokers, databasePorts }: Wiring,
): SystemContext {
  const port = databasePorts.get(name) ?? 0;
  const urlOf = (key: keyof typeof DATABASES): string =>
    `postgres://${DATABASES[key].role}:${secrets.databases[key]}@127.0.0.1:${port}/${DATABASES[key].role}`;
  const databases: DatabaseUrls = {
    intake: urlOf('intake'),
    ledger: urlOf('ledger'),
    'connector-gateio': urlOf('connector-gateio'),
    ...Object.fromEntries(
      VENUE_NAMES.map((venue) => [connectorOf(venue), urlOf(connectorOf(venue))]),
    ),
  };
  const ledgerOwner = `postgres://ledger_owner:${secrets.ledgerOwner}@127.0.0.1:${port}/${DATABASES.ledger.role}`;
  return { ports, secrets, brokers, databases, ledgerOwner, logLevel: 'info' };
}
