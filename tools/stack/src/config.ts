import { join } from 'node:path';
import { list, readConfig, text, type Environment } from '@sluice/config';
import { SetupError, workspaceRoot } from '@sluice/test-servers';
import { connectorOf, VENUE_NAMES, type ConnectorName, type OfVenues } from './venues.js';

interface ServiceDatabaseSpec {
  readonly role: string;
  /** Names an existing one. */
  readonly variable: string;
}

export type DatabaseKey = 'intake' | 'ledger' | ConnectorName;

/** The databases, by the service that owns each. */
export const DATABASES: Readonly<Record<DatabaseKey, ServiceDatabaseSpec>> = {
  intake: databaseSpec('intake'),
  ledger: databaseSpec('ledger'),
  ...(Object.fromEntries(
    VENUE_NAMES.map((venue) => [connectorOf(venue), databaseSpec(`connector_${venue}`)]),
  ) as Record<ConnectorName, ServiceDatabaseSpec>),
};

/** Set all of them to use existing databases. */
export const DATABASE_VARIABLES: readonly string[] = Object.values(DATABASES).map(
  ({ variable }) => variable,
);

export type DatabaseUrls = Readonly<Record<'intake' | 'ledger', string>> &
  OfVenues<ConnectorName, string>;

export interface StackConfig {
  /** The data folder; a second start on it goes on where the first ended. */
  readonly home: string;
  readonly java: string;
  readonly logLevel: string;
  /** An existing Kafka: then none is started. */
  readonly kafkaBrokers?: readonly string[];
  /** Existing databases: then no PostgreSQL is started. */
  readonly databaseUrls?: Readonly<Record<DatabaseKey, string>>;
  /** Of the existing ledger database: the login that owns its tables and migrates, where it is not the service's own. */
  readonly ledgerOwnerUrl?: string;
}

const SETTINGS = {
  javaHome: text('JAVA_HOME', ''),
  logLevel: text('LOG_LEVEL', 'info'),
  kafkaBrokers: list('KAFKA_BROKERS', []),
  ledgerOwnerUrl: text('DATABASE_OWNER_URL_LEDGER', ''),
};

/** Reads the few variables a person may set. Throws a SetupError that names every fault together. */
export function stackConfig(env: Environment = process.env): StackConfig {
  const { javaHome, logLevel, kafkaBrokers, ledgerOwnerUrl } = readConfig(env, SETTINGS);
  const databaseUrls = existingDatabases(env);
  return {
    home: join(workspaceRoot(), '.sluice'),
    java: javaHome ? join(javaHome, 'bin', 'java') : 'java',
    logLevel,
    ...(kafkaBrokers.length > 0 && { kafkaBrokers }),
    ...(databaseUrls && { databaseUrls }),
    ...(ledgerOwnerUrl && { ledgerOwnerUrl }),
  };
}

function existingDatabases(env: Environment): Readonly<Record<DatabaseKey, string>> | undefined {
  const missing = DATABASE_VARIABLES.filter((variable) => !env[variable]);
  if (missing.length === DATABASE_VARIABLES.length) return undefined;
  if (missing.length > 0)
    throw new SetupError(
      `to use an existing PostgreSQL set all of ${DATABASE_VARIABLES.join(', ')}; missing: ${missing.join(', ')}`,
    );
  return Object.fromEntries(
    Object.entries(DATABASES).map(([key, { variable }]) => [key, env[variable] ?? '']),
  ) as Record<DatabaseKey, string>;
}

function databaseSpec(role: string): ServiceDatabaseSpec {
  return { role, variable: `DATABASE_URL_${role.toUpperCase()}` };
}
