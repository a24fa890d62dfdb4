import { join } from 'node:path';
import { flag, list, positive, readConfig, text, type Environment } from '@sluice/runtime';
import { SetupError, workspaceRoot } from '@sluice/test-servers';
import { ofEach, SERVICE_NAMES, specOf, type ServiceName } from '../tables/services.js';

/**
 * Variables with the URL of a service's existing database. Set all variables to use existing
 * databases.
 */
export const DATABASE_VARIABLES: Readonly<Record<ServiceName, string>> = ofEach(
  SERVICE_NAMES,
  (name) => `DATABASE_URL_${specOf(name).database.toUpperCase()}`,
);
/** Variables with the URL of the same database, with the owner's login. */
export const OWNER_VARIABLES: Readonly<Record<ServiceName, string>> = ofEach(
  SERVICE_NAMES,
  (name) => `DATABASE_OWNER_URL_${specOf(name).database.toUpperCase()}`,
);

interface ExistingDatabases {
  /** URLs with the logins of the services. */
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** URLs with the owners' logins, for migration. */
  readonly ownerUrls: Readonly<Record<ServiceName, string>>;
}

export interface StackConfig {
  /** Data folder; a second start on the same folder continues with the stored state. */
  readonly home: string;
  readonly java: string;
  readonly logLevel: string;
  /** Default for TLS on all connections. */
  readonly tls: boolean;
  /** Default number of processes per service. */
  readonly instances: number;
  /** Brokers of an existing Kafka. If set, no Kafka is started. */
  readonly kafkaBrokers?: readonly string[];
  /** Existing databases. If set, no PostgreSQL is started. */
  readonly existing?: ExistingDatabases;
}

const SETTINGS = {
  javaHome: text('JAVA_HOME', ''),
  logLevel: text('LOG_LEVEL', 'info'),
  tls: flag('STACK_TLS', false),
  instances: positive('STACK_INSTANCES', 1),
  kafkaBrokers: list('KAFKA_BROKERS', []),
};

/** Reads the variables for users. Throws a SetupError listing every fault. */
export function stackConfig(env: Environment = process.env): StackConfig {
  const { javaHome, logLevel, tls, instances, kafkaBrokers } = readConfig(env, SETTINGS);
  const existing = existingDatabases(env);
  return {
    home: join(workspaceRoot(), '.sluice'),
    java: javaHome ? join(javaHome, 'bin', 'java') : 'java',
    logLevel,
    tls,
    instances,
    ...(kafkaBrokers.length > 0 && { kafkaBrokers }),
    ...(existing && { existing }),
  };
}

function existingDatabases(
  env: Readonly<Record<string, string | undefined>>,
): ExistingDatabases | undefined {
  const variables = [...Object.values(DATABASE_VARIABLES), ...Object.values(OWNER_VARIABLES)];
  const missing = variables.filter((variable) => !env[variable]);
  if (missing.length === variables.length) return undefined;
  if (missing.length > 0)
    throw new SetupError(
      `to use an existing PostgreSQL set all of ${variables.join(', ')}; missing: ${missing.join(', ')}`,
    );
  return {
    urls: ofEach(SERVICE_NAMES, (name) => env[DATABASE_VARIABLES[name]] ?? ''),
    ownerUrls: ofEach(SERVICE_NAMES, (name) => env[OWNER_VARIABLES[name]] ?? ''),
  };
}
