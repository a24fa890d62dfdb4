import { join } from 'node:path';
import { list, readConfig, text, type Environment } from '@sluice/config';
import { SetupError, workspaceRoot } from '@sluice/test-servers';
import {
  OWNED_NAMES,
  ofEach,
  SERVICE_NAMES,
  specOf,
  type OwnedName,
  type ServiceName,
} from './services.js';

/** Names the existing database of a service. Set all of them to use existing ones. */
export const DATABASE_VARIABLES: Readonly<Record<ServiceName, string>> = ofEach(
  SERVICE_NAMES,
  (name) => `DATABASE_URL_${specOf(name).database.toUpperCase()}`,
);
/** Names the login that owns the tables of an existing database. */
const OWNER_VARIABLES = ofEach(
  OWNED_NAMES,
  (name) => `DATABASE_OWNER_URL_${specOf(name).database.toUpperCase()}`,
);

export interface StackConfig {
  /** The data folder; a second start on it goes on where the first ended. */
  readonly home: string;
  readonly java: string;
  readonly logLevel: string;
  /** An existing Kafka: then none is started. */
  readonly kafkaBrokers?: readonly string[];
  /** Existing databases: then no PostgreSQL is started. */
  readonly databaseUrls?: Readonly<Record<ServiceName, string>>;
  /** Of existing databases: the logins that own their tables and migrate, where they are not the service's own. */
  readonly ownerUrls: Readonly<Partial<Record<OwnedName, string>>>;
}

const SETTINGS = {
  javaHome: text('JAVA_HOME', ''),
  logLevel: text('LOG_LEVEL', 'info'),
  kafkaBrokers: list('KAFKA_BROKERS', []),
};

/** Reads the few variables a person may set. Throws a SetupError that names every fault together. */
export function stackConfig(env: Environment = process.env): StackConfig {
  const { javaHome, logLevel, kafkaBrokers } = readConfig(env, SETTINGS);
  const databaseUrls = existingDatabases(env);
  return {
    home: join(workspaceRoot(), '.sluice'),
    java: javaHome ? join(javaHome, 'bin', 'java') : 'java',
    logLevel,
    ...(kafkaBrokers.length > 0 && { kafkaBrokers }),
    ...(databaseUrls && { databaseUrls }),
    ownerUrls: Object.fromEntries(
      OWNED_NAMES.flatMap((name) => {
        const url = env[OWNER_VARIABLES[name]];
        return url ? [[name, url]] : [];
      }),
    ),
  };
}

function existingDatabases(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<ServiceName, string>> | undefined {
  const variables = Object.values(DATABASE_VARIABLES);
  const missing = variables.filter((variable) => !env[variable]);
  if (missing.length === variables.length) return undefined;
  if (missing.length > 0)
    throw new SetupError(
      `to use an existing PostgreSQL set all of ${variables.join(', ')}; missing: ${missing.join(', ')}`,
    );
  return ofEach(SERVICE_NAMES, (name) => env[DATABASE_VARIABLES[name]] ?? '');
}
