import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Kafka, type KafkaConfig } from 'kafkajs';
import { monotonicMs } from '@sluice/runtime';
import type { BrokerClockReading } from '../port/kafka-state.js';
import { type Cluster, clusterOf } from './clusters.js';
import {
  compactArray,
  compactBytes,
  compactText,
  type FlexibleReader,
  int32,
  NO_TAGS,
} from './flexible-fields.js';
import { askBroker, type Read, type RequestKind } from './flexible-request.js';
import type { PasswordLogin } from './kafka-security.js';

const EVERYBODY = Buffer.of(0);
const METADATA_TOPIC = '__cluster_metadata';

export class AdminRequests {
  private readonly cluster: Cluster;

  constructor(config: KafkaConfig) {
    this.cluster = clusterOf(new Kafka(config));
  }

  logins(): Promise<readonly string[]> {
    const body = Buffer.concat([NO_TAGS, EVERYBODY, NO_TAGS]);
    return this.ask(['DescribeUserScramCredentials', 50, 0], body, readLogins);
  }

  async setLogins(logins: readonly ScramLogin[]): Promise<void> {
    const body = await scramBody(logins);
    await this.ask(['AlterUserScramCredentials', 51, 0], body, readScramAnswer);
  }

  /** IncrementalAlterConfigs: sets the settings of the topics, and leaves all others. */
  async setOnTopics(
    topics: readonly string[],
    settings: ReadonlyMap<string, string>,
  ): Promise<void> {
    const body = topicSettingsBody(topics, settings);
    await this.ask(['IncrementalAlterConfigs', 44, 1], body, readSettingsAnswer);
  }

  /** DescribeQuorum: the controller's time, from the leader's own last caught-up timestamp. */
  async controllersClock(): Promise<BrokerClockReading | null> {
    const name = Buffer.from(METADATA_TOPIC);
    const body = Buffer.concat([
      NO_TAGS,
      Buffer.of(2, name.length + 1), // array length 1, name length,
      name,
      Buffer.of(2, 0, 0, 0, 0, 0, 0), // array length 1, partition 0
      NO_TAGS,
    ]);
    const askedAtMs = monotonicMs();
    const timeMs = await this.ask(['DescribeQuorum', 55, 1], body, readLeadersTime);
    return timeMs === null ? null : { timeMs, askedAtMs, answeredAtMs: monotonicMs() };
  }

  close(): Promise<void> {
    return this.cluster.disconnect();
  }

  private async ask<T>(kind: RequestKind, body: Buffer, read: Read<T>): Promise<T> {
    await this.cluster.connect();
    await this.cluster.refreshMetadata();
    return askBroker(await this.cluster.findControllerBroker(), kind, body, read);
  }
}

const readLogins: Read<readonly string[]> = (reader) => {
  reader.tags(); // header tags
  reader.int32(); // throttle time
  refuse(reader.int16(), reader.nullableText());
  return reader.list(() => {
    const name = reader.nullableText() ?? '';
    refuse(reader.int16(), reader.nullableText());
    reader.list(() => [reader.int8(), reader.int32(), reader.tags()]);
    reader.tags();
    return name;
  });
};

const readLeadersTime: Read<number | null> = (reader) => {
  reader.tags(); // header tags
  refuse(reader.int16(), null);
  const [partitions = []] = reader.list(() => {
    reader.nullableText();
    const times = reader.list(() => readPartition(reader));
    reader.tags();
    return times;
  });
  return partitions[0] ?? null;
};

const readPartition: Read<number | null> = (reader) => {
  reader.int32();
  refuse(reader.int16(), null);
  const leader = reader.int32();
  reader.int32(); // leader epoch
  reader.int64(); // the high watermark
  const [voters] = [reader.list(() => readReplica(reader)), reader.list(() => readReplica(reader))];
  reader.tags();
  const itself = voters.find(({ id }) => id === leader);
  return itself === undefined || itself.caughtUpAt <= 0 ? null : itself.caughtUpAt;
};

const readReplica: Read<{ readonly id: number; readonly caughtUpAt: number }> = (reader) => {
  const id = reader.int32();
  reader.int64(); // log end offset
  reader.int64(); // time of the last fetch
  const caughtUpAt = Number(reader.int64());
  reader.tags();
  return { id, caughtUpAt };
};

function refuse(error: number, message: string | null): void {
  if (error !== 0) throw new Error(message ?? `Kafka answers with error ${error}`);
}

export type ScramMechanism = Exclude<PasswordLogin['mechanism'], 'plain'>;

export interface ScramLogin {
  readonly mechanism: ScramMechanism;
  readonly username: string;
  readonly password: string;
}

const SCRAM = {
  'scram-sha-256': { id: 1, hash: 'sha256', bytes: 32 },
  'scram-sha-512': { id: 2, hash: 'sha512', bytes: 64 },
} as const;
/** Iterations: the minimum of Kafka, and the default of its tools. */
const ITERATIONS = 4_096;
const TOPIC = 2;
const SET = 0;
const CHECK_ONLY = Buffer.of(0);

/** Body of AlterUserScramCredentials; the passwords themselves are not sent. */
async function scramBody(logins: readonly ScramLogin[]): Promise<Buffer> {
  const credentials = await Promise.all(logins.map(credentialOf));
  return Buffer.concat([NO_TAGS, compactArray([]), compactArray(credentials), NO_TAGS]);
}

async function credentialOf({ mechanism, username, password }: ScramLogin): Promise<Buffer> {
  const { id, hash, bytes } = SCRAM[mechanism];
  const salt = randomBytes(32);
  const salted = await promisify(pbkdf2)(password, salt, ITERATIONS, bytes, hash);
  return Buffer.concat([
    compactText(username),
    Buffer.of(id),
    int32(ITERATIONS),
    compactBytes(salt),
    compactBytes(salted),
    NO_TAGS,
  ]);
}

/** Body of IncrementalAlterConfigs: kafkajs' older request would reset settings not named. */
function topicSettingsBody(
  topics: readonly string[],
  settings: ReadonlyMap<string, string>,
): Buffer {
  const entries = [...settings].map(([name, value]) =>
    Buffer.concat([compactText(name), Buffer.of(SET), compactText(value), NO_TAGS]),
  );
  const resources = topics.map((name) =>
    Buffer.concat([Buffer.of(TOPIC), compactText(name), compactArray(entries), NO_TAGS]),
  );
  return Buffer.concat([NO_TAGS, compactArray(resources), CHECK_ONLY, NO_TAGS]);
}

/** Returns the accepted logins. Throws if Kafka has rejected a login. */
function readScramAnswer(reader: FlexibleReader): readonly string[] {
  reader.tags(); // header tags
  reader.int32(); // throttle time
  return reader.list(() => {
    const name = reader.nullableText() ?? '';
    refuseAnswer(`the login ${name}`, reader.int16(), reader.nullableText());
    reader.tags();
    return name;
  });
}

/** Returns the changed topics. Throws if Kafka has rejected a setting. */
function readSettingsAnswer(reader: FlexibleReader): readonly string[] {
  reader.tags(); // header tags
  reader.int32(); // throttle time
  return reader.list(() => {
    const [error, message] = [reader.int16(), reader.nullableText()];
    reader.int8(); // resource type
    const name = reader.nullableText() ?? '';
    refuseAnswer(`the settings of ${name}`, error, message);
    reader.tags();
    return name;
  });
}

function refuseAnswer(what: string, error: number, message: string | null): void {
  if (error !== 0)
    throw new Error(
      `Kafka refuses ${what}: error ${error}${message === null ? '' : `, ${message}`}`,
    );
}
