import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerTls } from '../tls/server-tls.js';
import type { KafkaLogin } from './kafka-client.js';

/** Of a cluster. */
export const KAFKA_NODES = [1, 2, 3] as const;
export type KafkaNodeId = (typeof KAFKA_NODES)[number];

/** One of three nodes, each of them broker and controller. */
export interface KafkaNode {
  readonly id: KafkaNodeId;
  readonly clusterId: string;
  /** Of all nodes, in the order of their ids. */
  readonly controllerPorts: readonly number[];
}

export interface BrokerPlace {
  /** Without it there is no other. */
  readonly node?: KafkaNode;
  readonly dataDir: string;
  /** Where clients reach it; this machine alone unless told. */
  readonly host?: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Where clients are sent, when something stands before the broker. */
  readonly advertisedPort?: number;
  readonly admin?: KafkaLogin;
  readonly tls?: ServerTls;
}

/** Whether a broker has been started on this folder before. */
export function hasBroker(dataDir: string): boolean {
  return existsSync(metaOf(dataDir));
}

function metaOf(dataDir: string): string {
  return join(dataDir, 'logs', 'meta.properties');
}

/** Writes `server.properties` anew (ports may have changed) and formats the log folder the first time. */
export async function prepareBroker(
  place: BrokerPlace,
  java: string,
  classPath: string,
): Promise<string> {
  const logs = join(place.dataDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const file = join(place.dataDir, 'server.properties');
  rmSync(file, { force: true }); // its rights are those of its first writing
  writeFileSync(file, serverProperties(place, logs), { mode: 0o600 });
  if (!hasBroker(place.dataDir)) {
    const formatter = [
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-cp',
      classPath,
      'kafka.tools.StorageTool',
    ];
    const clusterId = place.node?.clusterId ?? newClusterId();
    await promisify(execFile)(java, [...formatter, 'format', '-t', clusterId, '-c', file]);
  }
  return file;
}

/** A leading dash would be read as an option, as it is by Kafka's own tool, which avoids it too. */
export function newClusterId(random: (bytes: number) => Buffer = randomBytes): string {
  const id = random(16).toString('base64url');
  return id.startsWith('-') ? newClusterId(random) : id;
}

/**
 * Broker and controller in one. The short session lets it take itself back soon after `kill -9`. Of three nodes two have to have a record
 * before it counts as written.
 */
function serverProperties(
  {
    host = '127.0.0.1',
    node,
    port,
    controllerPort,
    advertisedPort = port,
    admin,
    tls,
  }: BrokerPlace,
  logs: string,
): string {
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
    'log.dirs': logs,
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
    'num.io.threads': 4,
    'background.threads': 2,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function openListeners(): Readonly<Record<string, string>> {
  return { 'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT' };
}

/**
 * Services and consumers log in by SCRAM, with the logins that Kafka keeps. The admin's alone stands in the settings, so that a data folder of
 * any age lets it in, and by PLAIN, which needs nothing stored: it comes over the loopback only.
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

/** Kafka reads key and certificate from one PEM file, and believes its own authority where it speaks to itself. */
function certificates({ bundleFile, caFile }: ServerTls): Readonly<Record<string, string>> {
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': bundleFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': caFile,
  };
}
