import { join } from 'node:path';
import { flag, list, positive, readConfig, text, type Environment } from '@sluice/config';
import { SetupError, workspaceRoot } from '@sluice/test-servers';
import { ofEach, SERVICE_NAMES, specOf, type ServiceName } from './services.js';

/** Names the existing database of a service. Set all of them to use existing ones. */
export const DATABASE_VARIABLES: Readonly<Record<ServiceName, string>> = ofEach(
  SERVICE_NAMES,
  (name) => `DATABASE_URL_${specOf(name).database.toUpperCase()}`,
);
/** Names the same database with the login that owns it. */
export const OWNER_VARIABLES: Readonly<Record<ServiceName, string>> = ofEach(
  SERVICE_NAMES,
  (name) => `DATABASE_OWNER_URL_${specOf(name).database.toUpperCase()}`,
);

export interface ExistingDatabases {
  /** With the logins that the services have. */
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** With the logins that own the tables and migrate them. */
  readonly ownerUrls: Readonly<Record<ServiceName, string>>;
}

export interface StackConfig {
  /** The data folder; a second start on it goes on where the first ended. */
  readonly home: string;
  readonly java: string;
  readonly logLevel: string;
  /** Everything speaks TLS, where a caller says nothing else. */
  readonly tls: boolean;
  /** Processes of each service, where a caller says nothing else. */
  readonly instances: number;
  /** An existing Kafka: then none is started. */
  readonly kafkaBrokers?: readonly string[];
  /** Existing databases: then no PostgreSQL is started. */
  readonly existing?: ExistingDatabases;
}

const SETTINGS = {
  javaHome: text('JAVA_HOME', ''),
  logLevel: text('LOG_LEVEL', 'info'),
  tls: flag('STACK_TLS', false),
  instances: positive('STACK_INSTANCES', 1),
  kafkaBrokers: list('KAFKA_BROKERS', []),
};

/** Reads the few variables a person may set. Throws a SetupError that names every fault together. */
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
