import { pbkdf2, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import kafkajs, { type AclEntry } from 'kafkajs';
import { withKafkaAdmin, type KafkaAccess, type KafkaLogin } from './kafka-client.js';

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

/** API keys of Kafka's protocol: SaslHandshake, SaslAuthenticate, AlterUserScramCredentials. */
const API = { handshake: 17, authenticate: 36, alterScram: 51 } as const;
const SCRAM_SHA_512 = 2;
/** Iterations: the minimum accepted by Kafka, sufficient for passwords of 144 random bits. */
const ITERATIONS = 4_096;
const ANSWER_MS = 10_000;

/**
 * Creates logins or sets their passwords. kafkajs has no request for this, and Kafka's own tool
 * starts a JVM per login. The request therefore uses Kafka's protocol directly. The admin must log
 * in by PLAIN.
 */
export async function ensureLogins(
  { brokers, login: admin, ca }: KafkaAccess,
  logins: readonly KafkaLogin[],
): Promise<void> {
  const [host = '', port = ''] = (brokers[0] ?? '').split(':');
  if (admin?.mechanism !== 'plain')
    throw new Error('logins are created only by an admin with PLAIN');
  const credentials = await Promise.all(logins.map(credentialOf));
  const socket =
    ca === undefined ? connect(Number(port), host) : connectTls({ host, port: Number(port), ca });
  try {
    await once(socket, ca === undefined ? 'connect' : 'secureConnect', {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await ask(socket, API.handshake, 1, text('PLAIN'));
    const token = Buffer.from(`\0${admin.username}\0${admin.password}`);
    const authenticated = await ask(
      socket,
      API.authenticate,
      0,
      Buffer.concat([int32(token.length), token]),
    );
    if (authenticated.readInt16BE(0) !== 0)
      throw new Error(`Kafka refuses ${admin.username}: error ${authenticated.readInt16BE(0)}`);
    // Tagged fields of the header (none), logins to delete (none), logins to create, tagged fields
    // (none).
    const body = [Buffer.of(0), compactArray([]), compactArray(credentials), Buffer.of(0)];
    refuseFaults(await ask(socket, API.alterScram, 0, Buffer.concat(body)));
  } finally {
    socket.destroy();
  }
}

/** Returns the data stored by Kafka for a password; the password is not sent. */
async function credentialOf({ username, password }: KafkaLogin): Promise<Buffer> {
  const salt = randomBytes(32);
  const salted = await promisify(pbkdf2)(password, salt, ITERATIONS, 64, 'sha512');
  return Buffer.concat([
    compact(Buffer.from(username)),
    Buffer.of(SCRAM_SHA_512),
    int32(ITERATIONS),
    compact(salt),
    compact(salted),
    Buffer.of(0),
  ]);
}

/** Sends a request and returns the response after the correlation id. */
async function ask(socket: Socket, api: number, version: number, body: Buffer): Promise<Buffer> {
  const header = Buffer.concat([int16(api), int16(version), int32(api), text('sluice-stack')]);
  socket.write(Buffer.concat([int32(header.length + body.length), header, body]));
  let received = Buffer.alloc(0);
  while (received.length < 4 || received.length < 4 + received.readInt32BE(0)) {
    const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(ANSWER_MS) })) as [
      Buffer,
    ];
    received = Buffer.concat([received, chunk]);
  }
  return received.subarray(8);
}

/**
 * Throws if Kafka rejected a login. Format of the response: tagged fields, throttle time, and for
 * each login the name, error code, message and tagged fields.
 */
function refuseFaults(answer: Buffer): void {
  let at = 1 + 4;
  const count = (answer[at++] ?? 1) - 1;
  for (let n = 0; n < count; n++) {
    const length = (answer[at++] ?? 1) - 1;
    const name = answer.toString('utf8', at, at + length);
    const error = answer.readInt16BE((at += length));
    if (error !== 0) throw new Error(`Kafka does not make the login ${name}: error ${error}`);
    at += 2 + 1 + 1; // no error: empty message and no tagged fields
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int16(value.length), Buffer.from(value)]);
}

/**
 * Encodes a compact string. Names, salts and hashes are shorter than the maximum of 127 bytes for a
 * single length byte.
 */
function compact(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(bytes.length + 1), bytes]);
}

function compactArray(items: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(items.length + 1), ...items]);
}
