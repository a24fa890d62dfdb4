import kafkajs, { type AclEntry, type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { patchKafkajsClock } from '@sluice/runtime';
import type {
  BrokerSettings,
  BrokerState,
  KafkaRight,
  KafkaState,
  TopicState,
} from '../port/kafka-state.js';
import { AdminRequests, type ScramLogin } from './admin-requests.js';
import { type KafkaCredentials, type KafkaTls, securityOf } from './kafka-security.js';

export interface RightToGive {
  /** With its type: `User:ledger`, `User:CN=ledger`. */
  readonly principal: string;
  readonly operation: 'Read' | 'Write';
  readonly resource: 'topic' | 'group';
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
}

/** Topics, settings, logins and rights to establish. Nothing that exists is removed. */
export interface KafkaPlan {
  readonly topics: readonly string[];
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Settings to set on every topic; other settings stay unchanged. */
  readonly settings: ReadonlyMap<string, string>;
  readonly logins: readonly ScramLogin[];
  readonly rights: readonly RightToGive[];
}

/** Establishes the plan and returns the names of the created topics. May be repeated. */
export async function applyKafka(
  access: KafkaAdminAccess,
  plan: KafkaPlan,
): Promise<readonly string[]> {
  patchKafkajsClock();
  const config = adminConfigOf(access);
  const admin = new Kafka(config).admin();
  const requests = new AdminRequests(config);
  try {
    await admin.connect();
    const created = await createMissing(admin, plan);
    if (plan.settings.size > 0) await requests.setOnTopics(plan.topics, plan.settings);
    if (plan.logins.length > 0) await requests.setLogins(plan.logins);
    if (plan.rights.length > 0) await admin.createAcls({ acl: plan.rights.map(entryOf) });
    return created;
  } finally {
    await Promise.all([admin.disconnect(), requests.close()]);
  }
}

async function createMissing(
  admin: Admin,
  { topics, partitions, replicationFactor }: KafkaPlan,
): Promise<readonly string[]> {
  const present = new Set(await admin.listTopics());
  const missing = topics.filter((name) => !present.has(name));
  if (missing.length === 0) return [];
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map((topic) => ({ topic, numPartitions: partitions, replicationFactor })),
  });
  return missing;
}

function entryOf({ principal, operation, resource, name, pattern }: RightToGive): AclEntry {
  return {
    principal,
    host: '*',
    permissionType: AclPermissionTypes.ALLOW,
    operation: operation === 'Read' ? AclOperationTypes.READ : AclOperationTypes.WRITE,
    resourceType: resource === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: name,
    resourcePatternType:
      pattern === 'prefixed' ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
  };
}

export interface KafkaAdminAccess {
  readonly brokers: readonly string[];
  readonly login: KafkaCredentials | null;
  /** Null for a connection without TLS. */
  readonly tls: KafkaTls | null;
}

/** The enums are not visible to Node as named exports. */
const {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ConfigResourceTypes,
  ResourcePatternTypes,
} = kafkajs;
const ANYTHING = {
  resourceType: AclResourceTypes.ANY,
  resourcePatternType: ResourcePatternTypes.ANY,
  permissionType: AclPermissionTypes.ANY,
  operation: AclOperationTypes.ANY,
};
const SECURITY_DISABLED = 'SECURITY_DISABLED';

/**
 * All Kafka state for the requirements of the services; read-only. Throws if unreachable or
 * refused.
 */
export async function inspectKafka(access: KafkaAdminAccess): Promise<KafkaState> {
  patchKafkajsClock();
  const config = adminConfigOf(access);
  const admin = new Kafka(config).admin();
  const requests = new AdminRequests(config);
  try {
    await admin.connect();
    return {
      brokers: await brokersOf(admin),
      topics: await topicsOf(admin),
      rights: await rightsOf(admin),
      logins: await requests.logins(),
      clock: await requests.controllersClock(),
    };
  } finally {
    await Promise.all([admin.disconnect(), requests.close()]);
  }
}

function adminConfigOf({ brokers, ...security }: KafkaAdminAccess): KafkaConfig {
  return {
    clientId: 'sluice-admin',
    brokers: [...brokers],
    ...securityOf(security),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 5_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 2 },
  };
}

async function brokersOf(admin: Admin): Promise<readonly BrokerState[]> {
  const { brokers } = await admin.describeCluster();
  const settings = await Promise.all(
    brokers.map(({ nodeId }) => settingsOf(admin, ConfigResourceTypes.BROKER, [`${nodeId}`])),
  );
  return brokers.map(({ nodeId, host, port }, index) => ({
    id: nodeId,
    place: `${host}:${port}`,
    settings: settings[index]?.get(`${nodeId}`) ?? new Map(),
  }));
}

async function topicsOf(admin: Admin): Promise<readonly TopicState[]> {
  const names = await admin.listTopics();
  if (names.length === 0) return [];
  const settings = await settingsOf(admin, ConfigResourceTypes.TOPIC, names);
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  return topics.map(({ name, partitions }) => ({
    name,
    settings: settings.get(name) ?? new Map(),
    partitions: partitions.map(({ partitionId: id, leader, replicas, isr: inSync }) => ({
      id,
      leader: leader < 0 ? null : leader,
      replicas,
      inSync,
    })),
  }));
}

async function settingsOf(
  admin: Admin,
  type: number,
  names: readonly string[],
): Promise<ReadonlyMap<string, BrokerSettings>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type, name })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
}

async function rightsOf(admin: Admin): Promise<readonly KafkaRight[] | null> {
  try {
    const { resources } = await admin.describeAcls(ANYTHING);
    return resources.flatMap(({ resourceType, resourceName: name, resourcePatternType, acls }) =>
      acls.map(({ principal, host, operation, permissionType }): KafkaRight => ({
        principal,
        host,
        name,
        permission: permissionType === AclPermissionTypes.DENY ? 'Deny' : 'Allow',
        operation: wordOf(AclOperationTypes, operation),
        resource: wordOf(AclResourceTypes, resourceType).toLowerCase(),
        pattern: resourcePatternType === ResourcePatternTypes.PREFIXED ? 'prefixed' : 'literal',
      })),
    );
  } catch (error) {
    if ((error as { type?: unknown }).type === SECURITY_DISABLED) return null;
    throw error;
  }
}

/** Spelling of Kafka's tools: `DESCRIBE_CONFIGS` becomes `DescribeConfigs`. */
function wordOf(names: object, value: number): string {
  const [name = `${value}`] = Object.entries(names).find(([, one]) => one === value) ?? [];
  return name.toLowerCase().replace(/(?:^|_)(\w)/g, (_all, letter: string) => letter.toUpperCase());
}
