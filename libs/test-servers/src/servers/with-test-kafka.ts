import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { ensureTopics, type TopicSpec } from '../kafka/kafka-client.js';
import { startKafka, type KafkaServer } from '../kafka/start-kafka.js';
import { isAlive } from '../process/launch.js';
import { until } from '../process/wait.js';
import { readNote, testFolder, writeNote, type TestFolder } from './test-folder.js';

export interface TestKafka {
  readonly brokers: string[];
  createTopics(topics: readonly TopicSpec[]): Promise<void>;
  /** Returns the folder of a partition's log, for tests damaging the log. */
  logFolder(topic: string, partition: number): string;
  /** `kill -9`, and waits until the process is gone. */
  kill(): Promise<void>;
  /**
   * Kills the broker if running, starts the broker again on the same port and data, and waits until
   * ready.
   */
  restart(): Promise<void>;
  /**
   * No operation: the broker keeps running for the next test file and ends with the Jest process.
   */
  stop(): Promise<void>;
}

/** A real Kafka broker, started by the first test file that asks and reused by the others of the same Jest process. */
export async function withTestKafka(): Promise<TestKafka> {
  const folder = testFolder();
  const broker = await sharedBroker(folder);
  const { ports } = broker;
  let { pid } = broker;
  const brokers = [`127.0.0.1:${ports.port}`];

  const kill = async (): Promise<void> => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await until(
      'kafka does not end',
      async () => void (isAlive(pid) && fail('still alive')),
      10_000,
    );
  };
  return {
    brokers,
    createTopics: (topics) => ensureTopics({ brokers }, topics),
    logFolder: (topic, partition) => join(folder.path, 'kafka', 'logs', `${topic}-${partition}`),
    kill,
    restart: async () => {
      await kill();
      ({ pid } = await start(folder, ports));
    },
    stop: async () => undefined,
  };
}

interface Ports {
  readonly port: number;
  readonly controllerPort: number;
}

async function sharedBroker(folder: TestFolder): Promise<{ pid: number; ports: Ports }> {
  const running = readNote(folder, 'kafka');
  if (running)
    return {
      pid: running.pid,
      ports: { port: running.port, controllerPort: running.controllerPort ?? 0 },
    };
  rmSync(join(folder.path, 'kafka'), { recursive: true, force: true });
  return start(folder, { port: await freePort(), controllerPort: await freePort() });
}

async function start(folder: TestFolder, ports: Ports): Promise<{ pid: number; ports: Ports }> {
  const server: KafkaServer = await startKafka({
    ...ports,
    dataDir: join(folder.path, 'kafka'),
    logFile: join(folder.path, 'kafka.log'),
    guard: folder.guard,
  });
  const pid = server.process.pid() ?? 0;
  writeNote(folder, 'kafka', { pid, ...ports });
  return { pid, ports };
}

function fail(why: string): never {
  throw new Error(why);
}
