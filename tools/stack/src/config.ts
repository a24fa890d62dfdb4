import { join } from 'node:path';
import { StackError } from './stack-error.js';
import { workspaceRoot } from './workspace-root.js';

/** The services that own a database, and the variable that points at an existing one. */
export const DATABASES = {
  intake: { service: 'intake-api', role: 'intake', variable: 'DATABASE_URL_INTAKE' },
  ledger: { service: 'ledger', role: 'ledger', variable: 'DATABASE_URL_LEDGER' },
  'connector-gateio': { service: 'connector-gateio', role: 'connector_gateio', variable: 'DATABASE_URL_CONNECTOR_GATEIO' },
} as const;

export type DatabaseKey = keyof typeof DATABASES;
export type DatabaseUrls = Readonly<Record<DatabaseKey, string>>;

export interface StackConfig {
  /** The data folder; a second start on it goes on where the first ended. */
  readonly home: string;
  readonly java: string;
  readonly logLevel: string;
  /** An existing Kafka: then none is started. */
  readonly kafkaBrokers?: readonly string[];
  /** Existing databases: then no PostgreSQL is started. */
  readonly databaseUrls?: DatabaseUrls;
  /** Of the existing ledger database: the login that owns its tables and migrates, where it is not the service's own. */
  readonly ledgerOwnerUrl?: string;
}

/** Reads the few variables a person may set. Throws a StackError that names every fault together. */
export function stackConfig(env: Readonly<Record<string, string | undefined>> = process.env): StackConfig {
  const brokers = list(env['KAFKA_BROKERS']);
  const databaseUrls = existingDatabases(env);
  return {
    home: join(workspaceRoot(), '.sluice'),
    java: env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : 'java',
    logLevel: env['LOG_LEVEL'] || 'info',
    ...(brokers.length > 0 && { kafkaBrokers: brokers }),
    ...(databaseUrls && { databaseUrls }),
    ...(env['DATABASE_OWNER_URL_LEDGER'] && { ledgerOwnerUrl: env['DATABASE_OWNER_URL_LEDGER'] }),
  };
}

function existingDatabases(env: Readonly<Record<string, string | undefined>>): DatabaseUrls | undefined {
  const variables = Object.values(DATABASES).map(({ variable }) => variable);
  const missing = variables.filter((variable) => !env[variable]);
  if (missing.length === variables.length) return undefined;
  if (missing.length > 0) throw new StackError(`to use an existing PostgreSQL set all of ${variables.join(', ')}; missing: ${missing.join(', ')}`);
  const url = (key: DatabaseKey): string => env[DATABASES[key].variable] ?? '';
  return { intake: url('intake'), ledger: url('ledger'), 'connector-gateio': url('connector-gateio') };
}

function list(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
