import { patchKafkajsClock } from '@sluice/runtime';
import kafkajs, { Kafka, logLevel, type Admin, type KafkaConfig } from 'kafkajs';
import { securityOf, type KafkaCredentials, type KafkaTls } from './kafka-security.js';
import type {
  BrokerState,
  KafkaRight,
  KafkaState,
  BrokerSettings,
  TopicState,
} from '../port/kafka-state.js';
import { AdminRequests } from './admin-requests.js';

/** Connection and login for the inspection. */
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
 * Reads all Kafka state needed to check the requirements of the services; read-only. Throws if
 * Kafka is unreachable or rejects the login.
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

export function adminConfigOf({ brokers, ...security }: KafkaAdminAccess): KafkaConfig {
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

/**
 * Converts an enum name to the spelling of Kafka's tools: `DESCRIBE_CONFIGS` becomes
 * `DescribeConfigs`.
 */
function wordOf(names: object, value: number): string {
  const [name = `${value}`] = Object.entries(names).find(([, one]) => one === value) ?? [];
  return name.toLowerCase().replace(/(?:^|_)(\w)/g, (_all, letter: string) => letter.toUpperCase());
}
