import { join } from 'node:path';
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

/** Reads the few variables a person may set. Throws a SetupError that names every fault together. */
export function stackConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): StackConfig {
  const brokers = list(env['KAFKA_BROKERS']);
  const databaseUrls = existingDatabases(env);
  return {
    home: join(workspaceRoot(), '.sluice'),
    java: env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : 'java',
    logLevel: env['LOG_LEVEL'] || 'info',
    ...(brokers.length > 0 && { kafkaBrokers: brokers }),
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

function list(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
