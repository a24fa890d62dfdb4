import { patchKafkajsClock } from '@sluice/runtime';
import kafkajs, { Kafka, type AclEntry, type Admin } from 'kafkajs';
import { AdminRequests } from './admin-requests.js';
import type { ScramLogin } from './apply-requests.js';
import { adminConfigOf, type KafkaAdminAccess } from './inspect-kafka.js';

/** The enums are not visible to Node as named exports. */
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** A right to give; all names are names at the broker. */
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
