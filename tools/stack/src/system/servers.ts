import {
  SetupError,
  ensureLogins,
  ensureServiceDatabases,
  ensureTopics,
  grantRights,
  hasBroker,
  kafkaName,
  kafkaRoundTrip,
  startKafka,
  startKafkaCluster,
  startPostgres,
  until,
  withClient,
  withKafkaAdmin,
  type KafkaAccess,
  type KafkaPlace,
  type KafkaServer,
  type PostgresOptions,
  type PostgresServer,
  type TopicSpec,
} from '@sluice/test-servers';
import { ALL_TOPICS, PUBLIC_TOPICS } from '@sluice/messages';
import { DATABASE_VARIABLES, OWNER_VARIABLES, type StackConfig } from './config.js';
import {
  PARTITIONS,
  ofEach,
  specOf,
  type OfServices,
  type ServiceName,
} from '../tables/services.js';
import {
  DOWNSTREAM,
  KAFKA_RIGHTS,
  LOGIN_NAMES,
  adminLogin,
  kafkaLogin,
} from '../tables/credentials.js';
import { databaseUrl, databasesOf, migrateServices, ownerUrl } from './service-databases.js';
import type { Layout } from '../layout/layout.js';
import type { StackSite } from './system-plan.js';
import type { StackSecrets } from './stack-secrets.js';

/** Plan of a system's servers, as plain data. Default: one PostgreSQL and one Kafka for this machine. */
interface ServersPlan {
  /** Services with a database in PostgreSQL; missing databases and logins are created. */
  readonly databases?: readonly ServiceName[];
  /**
   * Number of brokers. Undefined: the number from the data folder's first start, or 1 for a new
   * folder.
   */
  readonly brokers?: 1 | 3 | undefined;
  /** Port of a relay in front of the only broker; the relay must already listen. */
  readonly kafkaRelay?: number;
  /** Additional host for clients of the servers, and the allowed client addresses. */
  readonly beyond?: { readonly host: string; readonly clients: readonly string[] };
  /** Name, settings and environment of PostgreSQL. */
  readonly postgres?: Pick<
    PostgresOptions,
    'name' | 'settings' | 'environment' | 'throwAway' | 'instead'
  >;
  /** False: an ended server is not restarted (default: restarted). */
  readonly restart?: boolean;
}

/** Starts PostgreSQL with the planned databases. */
export async function startPostgresOf(
  { layout, ports, secrets, tls, guard, events, adopt }: StackSite,
  { databases = [], postgres, beyond, restart = true }: ServersPlan,
): Promise<PostgresServer> {
  const server = await startPostgres({
    dataDir: layout.postgres,
    port: ports.postgres,
    password: secrets.postgres,
    logFile: layout.logOf(postgres?.name ?? 'postgres'),
    guard,
    events,
    restart,
    ...(tls && { tls: tls.of('postgres') }),
    ...(beyond && { beyond }),
    ...postgres,
  });
  adopt(server.process);
  if (databases.length > 0)
    await ensureServiceDatabases(server.adminUrl('postgres'), databasesOf(databases, secrets));
  return server;
}

/** Starts the planned brokers without topics, logins of services and rights. */
export async function startKafkaOf(
  site: StackSite,
  { brokers, kafkaRelay, beyond, restart = true }: ServersPlan,
): Promise<readonly KafkaServer[]> {
  const { layout, ports, secrets, tls, guard, events, notice, java, adopt } = site;
  const common = {
    guard,
    events,
    notice,
    restart,
    java,
    admin: adminLogin(secrets.kafkaAdmin),
    ...(tls && { tls: tls.of('kafka') }),
    ...(beyond && { host: beyond.host }),
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
  const relay = kafkaRelay !== undefined && { advertisedPort: kafkaRelay };
  const servers =
    brokersOf(layout, brokers) === 3
      ? await startKafkaCluster([first, other(2), other(3)], common)
      : [await startKafka({ ...common, ...first, ...relay })];
  for (const { process } of servers) adopt(process);
  return servers;
}

/** Returns the access to all brokers, as the admin. */
export function accessOf(servers: readonly KafkaServer[]): KafkaAccess {
  const [{ login, ca } = {}] = servers;
  return { login, ca, brokers: servers.flatMap(({ brokers }) => brokers) };
}

/** Configured servers of the user, which replace own servers. */
type Existing = Pick<StackConfig, 'existing' | 'kafkaBrokers'>;

/** Starts PostgreSQL with a database per service, or checks the configured existing databases. */
export async function providePostgres(
  site: StackSite,
  { existing }: Existing,
  names: readonly ServiceName[],
): Promise<OfServices<string>> {
  if (existing) {
    await Promise.all(names.map((name) => checkDatabase(name, existing.urls[name])));
    return ofEach(names, (name) => existing.urls[name]);
  }
  const variables = [...Object.values(DATABASE_VARIABLES), ...Object.values(OWNER_VARIABLES)];
  await startPostgresOf(site, {
    databases: names,
    postgres: { instead: `set ${variables.join(', ')}` },
  });
  return ofEach(names, (name) => databaseUrl(name, site.secrets, placeOf(site)));
}

/** Runs the migration jobs of the given services. Services not needed yet may be migrated later. */
export function migrateDatabases(
  site: Pick<StackSite, 'ports' | 'secrets' | 'tls'>,
  names: readonly ServiceName[],
  { existing }: Pick<Existing, 'existing'> = {},
): Promise<void> {
  return migrateServices(
    names.map((name) => ({
      name,
      ownerUrl: existing ? existing.ownerUrls[name] : ownerUrl(name, site.secrets, placeOf(site)),
      login: existing ? new URL(existing.urls[name]).username : specOf(name).database,
    })),
  );
}

function placeOf({ ports, tls }: Pick<StackSite, 'ports' | 'tls'>) {
  return { port: ports.postgres, caFile: tls?.caFile };
}

/**
 * Starts Kafka, or checks the configured existing brokers, and creates missing topics. An own Kafka
 * requires a login from every client.
 */
export async function provideKafka(
  site: StackSite,
  { kafkaBrokers }: Existing,
  plan: Pick<ServersPlan, 'brokers'>,
): Promise<KafkaAccess> {
  if (kafkaBrokers) await checkBrokers(kafkaBrokers);
  const access = kafkaBrokers
    ? { brokers: kafkaBrokers }
    : accessOf(await startKafkaOf(site, plan));
  await openKafka(access, site.secrets);
  return access;
}

/**
 * Returns the number of brokers: the requested number, or the number from the data folder's first
 * start. Throws on a different request, because the size of a cluster cannot be changed by a
 * restart.
 */
function brokersOf(layout: Layout, brokers: 1 | 3 | undefined): 1 | 3 {
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

const TOPICS: readonly TopicSpec[] = ALL_TOPICS.map(({ name }) => ({
  name,
  partitions: PARTITIONS,
}));

/**
 * Creates missing topics, logins and rights in parallel, as the admin. A Kafka without logins gets
 * only the topics.
 */
export async function openKafka(access: KafkaAccess, { kafka }: StackSecrets): Promise<void> {
  if (access.login === undefined) return ensureTopics(access, TOPICS);
  const logins = LOGIN_NAMES.map((name) => kafkaLogin(name, kafka[name]));
  await Promise.all([
    ensureTopics(access, TOPICS),
    ensureLogins(access, logins),
    grantRights(access, KAFKA_RIGHTS),
  ]);
  await until('the rights at Kafka are not in force', () => seesItsTopics(access, kafka), 30_000);
}

/**
 * The broker applies all new rights at once, with a short delay. Throws until the rights are in
 * force.
 */
async function seesItsTopics(access: KafkaAccess, passwords: StackSecrets['kafka']): Promise<void> {
  const login = kafkaLogin(DOWNSTREAM, passwords[DOWNSTREAM]);
  const seen = await withKafkaAdmin({ ...access, login }, (admin) => admin.listTopics());
  if (!PUBLIC_TOPICS.every((topic) => seen.includes(topic))) throw new Error(`only ${seen.join()}`);
}
