import {
  ensureTopics,
  hasBroker,
  kafkaName,
  kafkaRoundTrip,
  startKafka,
  startKafkaCluster,
  type KafkaPlace,
  type KafkaAccess,
  ensureServiceDatabases,
  startPostgres,
  withClient,
  type ProcessGuard,
  type SupervisedProcess,
  type SupervisorEvents,
  SetupError,
} from '@sluice/test-servers';
import { DATABASE_VARIABLES, OWNER_VARIABLES, type StackConfig } from './config.js';
import {
  ofEach,
  servicesWith,
  specOf,
  type OfServices,
  type ServiceName,
} from '../tables/services.js';
import { adminLogin } from '../tables/kafka-logins.js';
import type { VenueName } from '../tables/venues.js';
import { databasesOf, databaseUrl, ownerUrl } from './service-databases.js';
import type { Layout } from '../layout/layout.js';
import type { LocalTls } from './local-tls.js';
import { migrateServices } from './migrate-services.js';
import { openKafka, TOPICS } from './open-kafka.js';
import type { StackPorts } from '../layout/stack-ports.js';
import type { StackSecrets } from './stack-secrets.js';

export interface ServerContext {
  readonly config: StackConfig;
  readonly venues: readonly VenueName[];
  /**
   * Number of brokers. Undefined: the number from the data folder's first start, or 1 for a new
   * folder.
   */
  readonly brokers?: 1 | 3 | undefined;
  readonly layout: Layout;
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly tls: LocalTls | null;
  readonly guard: ProcessGuard;
  readonly events: SupervisorEvents;
  /** Called before a step taking long on the first start. */
  readonly notice: (text: string) => void;
  /**
   * Called immediately with each server process, to stop the process even if a later step fails.
   */
  adopt(process: SupervisedProcess): void;
}

/** Starts PostgreSQL with a database per service, or checks the configured existing databases. */
export async function providePostgres(context: ServerContext): Promise<OfServices<string>> {
  const { config, layout, ports, secrets, tls, guard, events } = context;
  const names = servicesWith(context.venues);
  const given = config.existing;
  if (given) {
    await Promise.all(names.map((name) => checkDatabase(name, given.urls[name])));
    return ofEach(names, (name) => given.urls[name]);
  }
  const options = {
    dataDir: layout.postgres,
    port: ports.postgres,
    password: secrets.postgres,
    logFile: layout.logOf('postgres'),
    ...(tls && { tls: tls.of('postgres') }),
    instead: `set ${[...Object.values(DATABASE_VARIABLES), ...Object.values(OWNER_VARIABLES)].join(', ')}`,
  };
  const server = await startPostgres({ ...options, guard, events, restart: true });
  context.adopt(server.process);
  await ensureServiceDatabases(server.adminUrl('postgres'), databasesOf(names, secrets));
  return ofEach(names, (name) => databaseUrl(name, secrets, placeOf(context)));
}

/** Runs the migration jobs of the given services. Services not needed yet may be migrated later. */
export function migrateDatabases(
  context: Pick<ServerContext, 'config' | 'ports' | 'secrets' | 'tls'>,
  names: readonly ServiceName[],
): Promise<void> {
  const { config, secrets } = context;
  const given = config.existing;
  return migrateServices(
    names.map((name) => ({
      name,
      ownerUrl: given ? given.ownerUrls[name] : ownerUrl(name, secrets, placeOf(context)),
      login: given ? new URL(given.urls[name]).username : specOf(name).database,
    })),
  );
}

function placeOf({ ports, tls }: Pick<ServerContext, 'ports' | 'tls'>) {
  return { port: ports.postgres, caFile: tls?.caFile };
}

/**
 * Starts Kafka, or checks the configured existing brokers, and creates missing topics. An own Kafka
 * requires a login from every client.
 */
export async function provideKafka(context: ServerContext): Promise<KafkaAccess> {
  const { config, secrets } = context;
  if (config.kafkaBrokers) {
    await checkBrokers(config.kafkaBrokers);
    await ensureTopics({ brokers: config.kafkaBrokers }, TOPICS);
    return { brokers: config.kafkaBrokers };
  }
  const own = await startOwnKafka(context);
  await openKafka(own, secrets);
  return own;
}

async function startOwnKafka(context: ServerContext): Promise<KafkaAccess> {
  const { config, layout, ports, secrets, tls, guard, events, notice } = context;
  const common = {
    guard,
    events,
    notice,
    restart: true,
    java: config.java,
    admin: adminLogin(secrets.kafkaAdmin),
    ...(tls && { tls: tls.of('kafka') }),
  };
  const first = {
    dataDir: layout.kafka,
    logFile: layout.logOf('kafka'),
    port: ports.kafka,
    controllerPort: ports.kafkaController,
  };
  const other = (node: 2 | 3): KafkaPlace => ({
    dataDir: layout.otherKafkas[node - 2] ?? '',
    logFile: layout.logOf(kafkaName(node)),
    port: ports[`kafka-${node}`],
    controllerPort: ports[`kafkaController-${node}`],
  });
  const servers =
    brokersOf(context) === 3
      ? await startKafkaCluster([first, other(2), other(3)], common)
      : [await startKafka({ ...common, ...first })];
  for (const { process } of servers) context.adopt(process);
  const [{ login, ca } = {}] = servers;
  return { login, ca, brokers: servers.flatMap(({ brokers }) => brokers) };
}

/**
 * Returns the number of brokers: the requested number, or the number from the data folder's first
 * start. Throws on a different request, because the size of a cluster cannot be changed by a
 * restart.
 */
function brokersOf({ brokers, layout }: ServerContext): 1 | 3 {
  if (!hasBroker(layout.kafka)) return brokers ?? 1;
  const begun = hasBroker(layout.otherKafkas[0]) ? 3 : 1;
  if (brokers !== undefined && brokers !== begun)
    throw new SetupError(
      `${layout.home} was created with ${begun === 1 ? 'one broker' : 'three brokers'}: start with the same number, delete the data (npm run stack -- reset), or choose another folder with --data DIR`,
    );
  return begun;
}

async function checkDatabase(key: string, url: string): Promise<void> {
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`the database given for ${key} does not respond: ${why}`, { cause });
  }
}

async function checkBrokers(brokers: readonly string[]): Promise<void> {
  try {
    await kafkaRoundTrip({ brokers });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(
      `the Kafka given as KAFKA_BROKERS=${brokers.join(',')} does not store and deliver a message: ${why}`,
      { cause },
    );
  }
}
