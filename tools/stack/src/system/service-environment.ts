import type { DatabaseUrls } from '../config.js';
import type { ServiceName } from './run-file.js';
import type { Pace, VenueCredentials } from './simulator-doors.js';
import type { StackPorts } from './stack-ports.js';
import type { StackSecrets } from './stack-secrets.js';

/** What the services are told about the world around them. */
export interface Surroundings {
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly brokers: readonly string[];
  readonly databases: DatabaseUrls;
  readonly ledgerOwner?: string | undefined;
  readonly logLevel: string;
}

export type Environment = Readonly<Record<string, string>>;

/** As wide as the simulator's limits are when it is fast. */
const WIDE_RATE_PLAN = Object.fromEntries(
  [
    'POST /withdrawals',
    'POST /withdrawals/push',
    'DELETE /withdrawals/{id}',
    'GET /wallet/withdrawals',
    'GET /wallet/push',
    'GET /wallet/withdraw_status',
  ].map((endpoint) => [endpoint, { limit: 10_000, perMs: 1_000 }]),
);

/** Just over the minute for which Gate honours a signature. The simulator lists at once, so the long default has nothing to wait for. */
const ABSENCE_AFTER_MS = '65000';

const HOST = '127.0.0.1';

/** Not `production`: there the crash points of fault tests are inert. */
const COMMON: Environment = { HOST, NODE_ENV: 'development' };

export function simulatorEnvironment(logLevel: string): Environment {
  return { ...COMMON, LOG_LEVEL: logLevel };
}

export function intakeEnvironment(world: Surroundings): Environment {
  return {
    ...service(world, 'intake-api', world.databases.intake),
    INTERNAL_PORT: `${world.ports.intakeInternal}`,
    LEDGER_URL: urlOf(world.ports.ledger),
    SECRETS_KEK: world.secrets.secretsKek,
  };
}

export function ledgerEnvironment(world: Surroundings): Environment {
  return { ...service(world, 'ledger', world.databases.ledger), DATABASE_OWNER_URL: world.ledgerOwner ?? '' };
}

export function connectorEnvironment(world: Surroundings, credentials: VenueCredentials, pace: Pace): Environment {
  return {
    ...service(world, 'connector-gateio', world.databases['connector-gateio']),
    GATEIO_BASE_URL: credentials.base_url,
    GATEIO_API_KEY: credentials.api_key,
    GATEIO_API_SECRET: credentials.api_secret,
    ABSENCE_AFTER_MS,
    ...(pace === 'fast' && { RATE_PLAN: JSON.stringify(WIDE_RATE_PLAN), POLL_INTERVAL_MS: '200' }),
  };
}

export function urlOf(port: number): string {
  return `http://${HOST}:${port}`;
}

function service(world: Surroundings, name: Exclude<ServiceName, 'venue-simulator'>, databaseUrl: string): Environment {
  return {
    ...COMMON,
    PORT: `${world.ports[name]}`,
    KAFKA_BROKERS: world.brokers.join(','),
    DATABASE_URL: databaseUrl,
    INTERNAL_TOKEN: world.secrets.internalToken,
    LOG_LEVEL: world.logLevel,
  };
}
