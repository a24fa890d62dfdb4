import { readFileSync } from 'node:fs';
import type { ProcessGuard } from '../process/process-guard.js';
import {
  superviseProcess,
  type SupervisedProcess,
  type SupervisorEvents,
} from '../process/supervise-process.js';
import { newClusterId, prepareBroker, type BrokerPlace, type KafkaNodeId } from './broker-files.js';
import { checkJava, kafkaJars } from './kafka-lib.js';
import { kafkaRoundTrip, type KafkaAccess } from './kafka-client.js';

interface KafkaOptions extends BrokerPlace {
  readonly logFile: string;
  readonly guard: ProcessGuard;
  readonly restart?: boolean;
  readonly events?: SupervisorEvents;
  readonly java?: string;
  /** Called before a step taking long on the first start. */
  readonly notice?: (text: string) => void;
}

/** Running Kafka node, with the admin's access if an admin is set. */
export interface KafkaServer extends KafkaAccess {
  readonly process: SupervisedProcess;
  stop(): Promise<void>;
}

/**
 * JVM flags, measured on two cores. The serial collector and the first compiler only halve the
 * start time and CPU. At 4,000 messages per second they cost no more than the warmed-up defaults
 * (0.11 ms of CPU per message). The performance counters would be sampled every 50 ms.
 */
const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'];
export const KAFKA_HEAP = ['-Xms256m', '-Xmx512m'];

/** Starts one Apache Kafka node (KRaft) on this data folder and waits until a message has gone in and come out. */
export async function startKafka(options: KafkaOptions): Promise<KafkaServer> {
  const java = options.java ?? 'java';
  await checkJava(java);
  const jars = await kafkaJars(options.notice ?? (() => undefined));
  const { properties, program } = await prepareBroker(options, java, jars);
  const { args, cwd, env } = program;
  const access = {
    brokers: [`${options.host ?? '127.0.0.1'}:${options.port}`],
    login: options.admin,
    ...(options.tls && { ca: readFileSync(options.tls.caFile, 'utf8') }),
  };

  const process = await superviseProcess({
    name: kafkaName(options.node?.id),
    command: () => ({
      command: java,
      args: [...KAFKA_HEAP, ...JVM, ...args, 'kafka.Kafka', properties],
      cwd,
      env,
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

/** Returns the process name of a node: the first or only node has no number. */
export function kafkaName(id: KafkaNodeId = 1): 'kafka' | 'kafka-2' | 'kafka-3' {
  return id === 1 ? 'kafka' : `kafka-${id}`;
}

/** Options specific to each node. */
export type KafkaPlace = Pick<
  KafkaOptions,
  'dataDir' | 'port' | 'controllerPort' | 'logFile' | 'tls'
>;

/**
 * Starts three nodes together as a cluster. Each record has three replicas; a write is acknowledged
 * after two replicas have the record.
 */
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
