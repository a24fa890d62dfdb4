import type { DatabaseUrls } from '../config.js';
import { connectorOf, venueOf, type VenueName } from '../venues.js';
import type { ServiceName } from './run-file.js';
import type { Pace, VenueCredentials } from '../clients/simulator-client.js';
import type { StackPorts } from './stack-ports.js';
import type { StackSecrets } from './stack-secrets.js';

/** What the environments of the services are made from: ports, secrets, brokers and database URLs. */
export interface SystemContext {
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly brokers: readonly string[];
  readonly databases: DatabaseUrls;
  readonly ledgerOwner?: string | undefined;
  readonly logLevel: string;
}

export type Environment = Readonly<Record<string, string>>;

/** As wide as the simulators' limits are when they are fast. */
const WIDE = { limit: 10_000, perMs: 1_000 };

/** Just over the minute for which venues honour a signature. The simulators list at once, so the long default has nothing to wait for. */
const ABSENCE_AFTER_MS = '65000';
const REFUSAL_LOOKUP_AFTER_MS = '500';

const HOST = '127.0.0.1';

/** Not `production`: there the crash points of fault tests are inert. */
const COMMON: Environment = { HOST, NODE_ENV: 'development' };

export function simulatorEnvironment(logLevel: string): Environment {
  return { ...COMMON, LOG_LEVEL: logLevel };
}

export function intakeEnvironment(context: SystemContext): Environment {
  return {
    ...service(context, 'intake-api', context.databases.intake),
    INTERNAL_PORT: `${context.ports.intakeInternal}`,
    LEDGER_URL: urlOf(context.ports.ledger),
    SECRETS_KEK: context.secrets.secretsKek,
  };
}

export function ledgerEnvironment(context: SystemContext): Environment {
  return {
    ...service(context, 'ledger', context.databases.ledger),
    DATABASE_OWNER_URL: context.ledgerOwner ?? '',
  };
}

/** Throws when the simulator does not hand out what the connector needs. */
export function connectorEnvironment(
  context: SystemContext,
  name: VenueName,
  credentials: VenueCredentials,
  pace: Pace,
): Environment {
  const connector = connectorOf(name);
  const venue = venueOf(name);
  const access = Object.entries(venue.credentials).map(([variable, field]): [string, string] => {
    const value = credentials[field];
    if (typeof value !== 'string')
      throw new Error(`the ${venue.title} simulator gives no ${field}`);
    return [variable, value];
  });
  const plan = Object.fromEntries(venue.endpoints.map((endpoint) => [endpoint, WIDE]));
  return {
    ...service(context, connector, context.databases[connector] ?? ''),
    ...Object.fromEntries(access),
    ABSENCE_AFTER_MS,
    REFUSAL_LOOKUP_AFTER_MS,
    ...(pace === 'fast' && { RATE_PLAN: JSON.stringify(plan), POLL_INTERVAL_MS: '200' }),
  };
}

export function urlOf(port: number): string {
  return `http://${HOST}:${port}`;
}

function service(
  context: SystemContext,
  name: Exclude<ServiceName, 'venue-simulator'>,
  databaseUrl: string,
): Environment {
  return {
    ...COMMON,
    PORT: `${context.ports[name]}`,
    KAFKA_BROKERS: context.brokers.join(','),
    DATABASE_URL: databaseUrl,
    INTERNAL_TOKEN: context.secrets.internalToken,
    LOG_LEVEL: context.logLevel,
  };
}
