import { join } from 'node:path';
import { workspaceRoot } from '../workspace-root.js';
import { readFileSync } from 'node:fs';
import type { ServerTls } from '../tls/server-tls.js';
import type { ProcessGuard } from '../process/process-guard.js';
import {
  superviseProcess,
  type SupervisedProcess,
  type SupervisorEvents,
} from '../process/supervise-process.js';
import { newClusterId, prepareBroker, type KafkaNode, type KafkaNodeId } from './broker-files.js';
import { checkJava, kafkaJars } from './kafka-lib.js';
import type { KafkaAccess, KafkaLogin } from './kafka-client.js';
import { kafkaRoundTrip } from './kafka-round-trip.js';

export interface KafkaOptions {
  /** Without it there is no other. */
  readonly node?: KafkaNode;
  readonly dataDir: string;
  /** Where clients reach it; this machine alone unless told. */
  readonly host?: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Where clients are sent, when something stands before the broker: it must listen already. */
  readonly advertisedPort?: number;
  /** The one who may do everything. With it nobody gets in without a login, and a login has the rights it was given alone; without it everybody may do everything. */
  readonly admin?: KafkaLogin;
  /** With it nobody is spoken to without TLS; needs `admin`. */
  readonly tls?: ServerTls;
  readonly logFile: string;
  readonly guard: ProcessGuard;
  readonly restart?: boolean;
  readonly events?: SupervisorEvents;
  readonly java?: string;
  /** Called before a step that takes long the first time. */
  readonly notice?: (text: string) => void;
}

/** As the admin, where it has one. */
export interface KafkaServer extends KafkaAccess {
  readonly process: SupervisedProcess;
  stop(): Promise<void>;
}

/**
 * Measured on two cores: the serial collector and the first compiler only start in half the time and CPU, and at 4,000 messages
 * per second cost no more than the defaults do once those are warm (0.11 ms of CPU per message).
 */
const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
export const KAFKA_HEAP = ['-Xms256m', '-Xmx512m'];

/** Starts one Apache Kafka node (KRaft) on this data folder and waits until a message has gone in and come out. */
export async function startKafka(options: KafkaOptions): Promise<KafkaServer> {
  const java = options.java ?? 'java';
  await checkJava(java);
  const classPath = (await kafkaJars(options.notice ?? (() => undefined))).join(':');
  const properties = await prepareBroker(options, java, classPath);
  const logging = `-Dlog4j2.configurationFile=${join(workspaceRoot(), 'libs', 'test-servers', 'kafka', 'log4j2.properties')}`;
  const access = {
    brokers: [`${options.host ?? '127.0.0.1'}:${options.port}`],
    login: options.admin,
    ...(options.tls && { ca: readFileSync(options.tls.caFile, 'utf8') }),
  };

  const process = await superviseProcess({
    name: kafkaName(options.node?.id),
    command: () => ({
      command: java,
      args: [...KAFKA_HEAP, ...JVM, logging, '-cp', classPath, 'kafka.Kafka', properties],
    }),
    logFile: options.logFile,
    ready: () => kafkaRoundTrip(access, options.node?.id),
    readyTimeoutMs: 180_000,
    stopGraceMs: 20_000,
    guard: options.guard,
    ...(options.restart === undefined ? {} : { restart: options.restart }),
    ...(options.events === undefined ? {} : { events: options.events }),
  });
  return { ...access, process, stop: () => process.stop() };
}

/** Of the process, by the number of its node: the first, or only, has none. */
export function kafkaName(id: KafkaNodeId = 1): 'kafka' | 'kafka-2' | 'kafka-3' {
  return id === 1 ? 'kafka' : `kafka-${id}`;
}

/** What the nodes do not have in common. */
export type KafkaPlace = Pick<
  KafkaOptions,
  'dataDir' | 'port' | 'controllerPort' | 'logFile' | 'tls'
>;

/** Starts three nodes together as one cluster: each record lies on all of them, and on two before it counts as written. */
export async function startKafkaCluster(
  places: readonly [KafkaPlace, KafkaPlace, KafkaPlace],
  common: Omit<KafkaOptions, keyof KafkaPlace | 'node'>,
): Promise<readonly KafkaServer[]> {
  const clusterId = newClusterId();
  const controllerPorts = places.map(({ controllerPort }) => controllerPort);
  const [first, second, third] = places;
  const nodes = [
    { id: 1, place: first },
    { id: 2, place: second },
    { id: 3, place: third },
  ] as const;
  const started = await Promise.allSettled(
    nodes.map(({ id, place }) =>
      startKafka({ ...common, ...place, node: { id, clusterId, controllerPorts } }),
    ),
  );
  const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = started.find((one) => one.status === 'rejected');
  if (!failed) return servers;
  await Promise.all(servers.map((server) => server.stop()));
  throw failed.reason;
}
