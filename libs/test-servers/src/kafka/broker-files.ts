import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface BrokerPlace {
  readonly dataDir: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Where clients are sent, when something stands before the broker. */
  readonly advertisedPort?: number;
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
  writeFileSync(file, serverProperties(place, logs));
  if (!existsSync(join(logs, 'meta.properties'))) {
    const formatter = [
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-cp',
      classPath,
      'kafka.tools.StorageTool',
    ];
    await promisify(execFile)(java, [...formatter, 'format', '-t', newClusterId(), '-c', file]);
  }
  return file;
}

/** A leading dash would be read as an option, as it is by Kafka's own tool, which avoids it too. */
export function newClusterId(random: (bytes: number) => Buffer = randomBytes): string {
  const id = random(16).toString('base64url');
  return id.startsWith('-') ? newClusterId(random) : id;
}

/** One node that is broker and controller. The short session lets it take itself back soon after `kill -9`. */
function serverProperties(
  { port, controllerPort, advertisedPort = port }: BrokerPlace,
  logs: string,
): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertisedPort}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logs,
    'auto.create.topics.enable': false,
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 2,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
