import {
  ensureTopics,
  type TopicSpec,
  kafkaRoundTrip,
  startKafka,
  ensureServiceDatabases,
  startPostgres,
  withClient,
  type ProcessGuard,
  type SupervisedProcess,
  type SupervisorEvents,
  SetupError,
} from '@sluice/test-servers';
import {
  DATABASES,
  DATABASE_VARIABLES,
  type DatabaseKey,
  type DatabaseUrls,
  type StackConfig,
} from '../config.js';
import { connectorOf, type VenueName } from '../venues.js';
import type { Layout } from './layout.js';
import type { StackPorts } from './stack-ports.js';
import type { StackSecrets } from './stack-secrets.js';

export interface ServerContext {
  readonly config: StackConfig;
  readonly venues: readonly VenueName[];
  readonly layout: Layout;
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly guard: ProcessGuard;
  readonly events: SupervisorEvents;
  readonly topics: readonly TopicSpec[];
  /** Called before a step that takes long the first time. */
  readonly notice: (text: string) => void;
  /** Called with each server process at once, so that it is stopped also when a later step fails. */
  adopt(process: SupervisedProcess): void;
}

const LEDGER_OWNER = 'ledger_owner';

/** Starts PostgreSQL with one database per service, or checks the ones that were named. */
export async function providePostgres(context: ServerContext): Promise<DatabaseUrls> {
  const { config, layout, ports, secrets, guard, events } = context;
  const keys: readonly DatabaseKey[] = ['intake', 'ledger', ...context.venues.map(connectorOf)];
  const urls = (url: (key: DatabaseKey) => string): DatabaseUrls =>
    Object.fromEntries(keys.map((key) => [key, url(key)])) as DatabaseUrls;
  const given = config.databaseUrls;
  if (given) {
    await Promise.all(keys.map((key) => checkDatabase(key, given[key])));
    return urls((key) => given[key]);
  }
  const options = {
    dataDir: layout.postgres,
    port: ports.postgres,
    password: secrets.postgres,
    logFile: layout.logOf('postgres'),
    instead: `set ${DATABASE_VARIABLES.join(', ')}`,
  };
  const server = await startPostgres({ ...options, guard, events, restart: true });
  context.adopt(server.process);
  await ensureServiceDatabases(
    server.adminUrl('postgres'),
    keys.map((key) => ({
      ...{ name: DATABASES[key].role, password: secrets.databases[key] },
      ...(key === 'ledger' && { owner: { name: LEDGER_OWNER, password: secrets.ledgerOwner } }),
    })),
  );
  return urls(
    (key) =>
      `postgres://${DATABASES[key].role}:${secrets.databases[key]}@127.0.0.1:${ports.postgres}/${DATABASES[key].role}`,
  );
}

/** The login that owns the ledger's tables, so that the running service does not. */
export function ledgerOwnerUrl({
  config,
  ports,
  secrets,
}: Pick<ServerContext, 'config' | 'ports' | 'secrets'>): string | undefined {
  if (config.databaseUrls) return config.ledgerOwnerUrl;
  return `postgres://${LEDGER_OWNER}:${secrets.ledgerOwner}@127.0.0.1:${ports.postgres}/${DATABASES.ledger.role}`;
}

/** Starts Kafka, or checks the one that was named; then makes the topics that are missing. */
export async function provideKafka(context: ServerContext): Promise<readonly string[]> {
  const { config, layout, ports, guard, events, notice } = context;
  const brokers = config.kafkaBrokers ?? (await startOwnKafka());
  if (config.kafkaBrokers) await checkBrokers(config.kafkaBrokers);
  await ensureTopics(brokers, context.topics);
  return brokers;

  async function startOwnKafka(): Promise<readonly string[]> {
    const place = {
      dataDir: layout.kafka,
      port: ports.kafka,
      controllerPort: ports.kafkaController,
      logFile: layout.logOf('kafka'),
    };
    const server = await startKafka({
      ...place,
      java: config.java,
      guard,
      events,
      notice,
      restart: true,
    });
    context.adopt(server.process);
    return server.brokers;
  }
}

async function checkDatabase(key: string, url: string): Promise<void> {
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`the database given for ${key} does not answer: ${why}`, { cause });
  }
}

async function checkBrokers(brokers: readonly string[]): Promise<void> {
  try {
    await kafkaRoundTrip(brokers);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(
      `the Kafka given as KAFKA_BROKERS=${brokers.join(',')} does not take and give a message: ${why}`,
      { cause },
    );
  }
}
