import kafkajs, { type AclEntry } from 'kafkajs';
import { withKafkaAdmin } from './ensure-topics.js';
import type { KafkaAccess } from './kafka-client.js';

/** Node does not detect the constants as named exports of kafkajs, a CommonJS module. */
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** Rights of a login; all rights not listed are denied. */
export interface KafkaRights {
  readonly username: string;
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  /** Consumer group of the reader, or the prefix of all group names. */
  readonly group: { readonly name: string } | { readonly prefix: string };
}

/** Grants the logins exactly the given rights; all other rights of the logins are revoked. */
export async function grantRights(
  access: KafkaAccess,
  rights: readonly KafkaRights[],
): Promise<void> {
  const wanted = new Map(
    rights.flatMap(entriesOf).map((entry): [string, AclEntry] => [keyOf(entry), entry]),
  );
  const principals = new Set(rights.map(({ username }) => `User:${username}`));
  await withKafkaAdmin(access, async (admin) => {
    const { resources } = await admin.describeAcls(ANYTHING);
    const present = resources.flatMap(({ acls, ...resource }) =>
      acls.map((acl): AclEntry => ({
        ...acl,
        resourceType: resource.resourceType,
        resourceName: resource.resourceName,
        resourcePatternType: resource.resourcePatternType,
      })),
    );
    const known = new Set(present.map(keyOf));
    const surplus = present.filter(
      (entry) => principals.has(entry.principal) && !wanted.has(keyOf(entry)),
    );
    const missing = [...wanted].filter(([key]) => !known.has(key)).map(([, entry]) => entry);
    if (surplus.length > 0) await admin.deleteAcls({ filters: surplus });
    if (missing.length > 0) await admin.createAcls({ acl: missing });
  });
}

const ANYTHING = {
  resourceType: AclResourceTypes.ANY,
  resourcePatternType: ResourcePatternTypes.ANY,
  permissionType: AclPermissionTypes.ANY,
  operation: AclOperationTypes.ANY,
};

function entriesOf({ username, writes, reads, group }: KafkaRights): AclEntry[] {
  const of = { principal: `User:${username}`, host: '*', permissionType: AclPermissionTypes.ALLOW };
  const onTopic = (name: string, operation: AclEntry['operation']): AclEntry => ({
    ...of,
    operation,
    resourceType: AclResourceTypes.TOPIC,
    resourceName: name,
    resourcePatternType: ResourcePatternTypes.LITERAL,
  });
  const [groupName, pattern] =
    'name' in group
      ? [group.name, ResourcePatternTypes.LITERAL]
      : [group.prefix, ResourcePatternTypes.PREFIXED];
  return [
    ...writes.map((name) => onTopic(name, AclOperationTypes.WRITE)),
    ...reads.map((name) => onTopic(name, AclOperationTypes.READ)),
    {
      ...of,
      operation: AclOperationTypes.READ,
      resourceType: AclResourceTypes.GROUP,
      resourceName: groupName,
      resourcePatternType: pattern,
    },
  ];
}

function keyOf(entry: AclEntry): string {
  return [
    entry.principal,
    entry.host,
    entry.permissionType,
    entry.operation,
    entry.resourceType,
    entry.resourcePatternType,
    entry.resourceName,
  ].join(' ');
}
