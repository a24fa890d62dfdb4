import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerTls } from '../tls/certificate-authority.js';
import { linkJars, type KafkaJava } from './kafka-lib.js';
import type { KafkaLogin } from './kafka-client.js';

/** Node ids of a cluster. */
export const KAFKA_NODES = [1, 2, 3] as const;
export type KafkaNodeId = (typeof KAFKA_NODES)[number];

/** Node of a three-node cluster, each node both broker and controller. */
interface KafkaNode {
  readonly id: KafkaNodeId;
  readonly clusterId: string;
  /** Controller ports of all nodes, in the order of the ids. */
  readonly controllerPorts: readonly number[];
}

export interface BrokerPlace {
  /** Position in a cluster. Default: a single broker. */
  readonly node?: KafkaNode;
  readonly dataDir: string;
  /** Host for clients (default: only this machine). */
  readonly host?: string;
  readonly port: number;
  readonly controllerPort: number;
  /**
   * Port advertised to clients, if a proxy is placed in front of the broker (default: `port`). The
   * proxy must already listen.
   */
  readonly advertisedPort?: number;
  /**
   * Login of the admin with all rights. If set, every client needs a login, and a login has only
   * the granted rights. Default: every client has all rights.
   */
  readonly admin?: KafkaLogin;
  /** Certificates. If set, every connection requires TLS; also requires `admin`. */
  readonly tls?: ServerTls;
  /** Further settings of the broker; a setting of the same name is replaced. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** True if a broker was started on this folder before. */
export function hasBroker(dataDir: string): boolean {
  return existsSync(metaOf(dataDir));
}

function metaOf(dataDir: string): string {
  return join(dataDir, LOGS, 'meta.properties');
}

/** Relative to the broker's folder. */
const LOGS = 'logs';
const FORMATTER = 'kafka.tools.StorageTool';

/** Prepared broker: the path of its settings, and the start of Kafka's programs in its folder. */
interface PreparedBroker {
  readonly properties: string;
  readonly program: KafkaJava;
}

/**
 * Rewrites `server.properties`, because ports may have changed, and formats the log folder on the
 * first start.
 *
 * @param jars Folder of Kafka's jars.
 */
export async function prepareBroker(
  place: BrokerPlace,
  java: string,
  jars: string,
): Promise<PreparedBroker> {
  mkdirSync(join(place.dataDir, LOGS), { recursive: true });
  const program = linkJars(place.dataDir, jars);
  const file = join(place.dataDir, 'server.properties');
  rmSync(file, { force: true }); // an existing file would keep the permissions of the first write
  writeFileSync(file, serverProperties(place), { mode: 0o600 });
  if (!hasBroker(place.dataDir)) {
    const { args, cwd, env } = program;
    const formatter = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', ...args, FORMATTER];
    const clusterId = place.node?.clusterId ?? newClusterId();
    const format = ['format', '-t', clusterId, '-c', file];
    await promisify(execFile)(java, [...formatter, ...format], { cwd, env });
  }
  return { properties: file, program };
}

/**
 * Returns a random cluster id. A leading dash is avoided, because the tool would parse the id as an
 * option; Kafka's own tool does the same.
 */
export function newClusterId(random: (bytes: number) => Buffer = randomBytes): string {
  const id = random(16).toString('base64url');
  return id.startsWith('-') ? newClusterId(random) : id;
}

/**
 * Settings of a combined broker and controller. The short session timeout allows a fast restart
 * after `kill -9`. With three nodes, two must store a record before the write is acknowledged.
 */
export function serverProperties({
  host = '127.0.0.1',
  node,
  port,
  controllerPort,
  advertisedPort = port,
  admin,
  tls,
  settings: further = {},
}: BrokerPlace): string {
  const { id, controllerPorts } = node ?? { id: 1, controllerPorts: [controllerPort] };
  const replicas = controllerPorts.length;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': controllerPorts
      .map((voter, index) => `${index + 1}@127.0.0.1:${voter}`)
      .join(','),
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.ceil(replicas / 2),
    listeners: `CLIENTS://${host}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `CLIENTS://${host}:${advertisedPort}`,
    'inter.broker.listener.name': 'CLIENTS',
    'controller.listener.names': 'CONTROLLER',
    ...(admin ? lockedListeners(admin, tls ? 'SASL_SSL' : 'SASL_PLAINTEXT') : openListeners()),
    ...(tls && certificates(tls)),
    'log.dirs': LOGS,
    'auto.create.topics.enable': false,
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': 2,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.ceil(replicas / 2),
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': replicas,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'group.coordinator.threads': 1,
    'background.threads': 2,
    // The default writes an empty record to the metadata log, and to the disk, twice a second.
    'metadata.max.idle.interval.ms': 5_000,
    ...further,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${escaped(value)}\n`)
    .join('');
}

/** Java reads the settings as Latin-1, with backslash and \uXXXX as escapes. */
function escaped(value: string | number | boolean): string {
  return String(value)
    .replaceAll('\\', '\\\\')
    .replaceAll(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

function openListeners(): Readonly<Record<string, string>> {
  return { 'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT' };
}

/**
 * Settings of listeners with logins. Services and consumers log in by SCRAM, with logins stored by
 * Kafka. Only the admin's login is in the settings, to give access to a data folder of any age. The
 * admin uses PLAIN, because PLAIN requires no stored login. The admin connects only over the
 * loopback.
 */
function lockedListeners(
  { username, password }: KafkaLogin,
  protocol: 'SASL_SSL' | 'SASL_PLAINTEXT',
): Readonly<Record<string, string | boolean>> {
  const module = 'org.apache.kafka.common.security';
  const plain = `${module}.plain.PlainLoginModule required username="${username}" password="${password}" user_${username}="${password}";`;
  return {
    'listener.security.protocol.map': `CLIENTS:${protocol},CONTROLLER:${protocol}`,
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512,PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.clients.plain.sasl.jaas.config': plain,
    'listener.name.clients.scram-sha-512.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
    'listener.name.controller.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.controller.plain.sasl.jaas.config': plain,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': false,
    'super.users': `User:${username}`,
  };
}

/**
 * Settings of TLS. Kafka reads key and certificate from a single PEM file. For connections between
 * brokers, Kafka trusts the same authority.
 */
function certificates({ bundleFile, caFile }: ServerTls): Readonly<Record<string, string>> {
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': bundleFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': caFile,
  };
}
