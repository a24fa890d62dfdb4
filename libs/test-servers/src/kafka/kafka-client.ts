import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { patchKafkajsClock } from '@sluice/runtime';
import { Kafka, logLevel, type Admin, type SASLOptions } from 'kafkajs';
import { until } from '../process/wait.js';

/** Login for a Kafka, in the format of kafkajs `sasl`. */
export interface KafkaLogin {
  readonly mechanism: 'plain' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** Address of a Kafka, with the login; without a login if Kafka requires none. */
export interface KafkaAccess {
  readonly brokers: readonly string[];
  readonly login?: KafkaLogin | undefined;
  /** PEM of the CA certificate; undefined without TLS. */
  readonly ca?: string | undefined;
}

/** A quiet client: while a broker comes up, failed attempts are expected and repeated by the caller. */
export function kafkaClient({ brokers, login, ca }: KafkaAccess, clientId = 'sluice-stack'): Kafka {
  patchKafkajsClock();
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ...(login && { sasl: saslOf(login) }),
    ...(ca !== undefined && { ssl: { ca: [ca] } }),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 5 },
  });
}

function saslOf({ mechanism, ...rest }: KafkaLogin): SASLOptions {
  return mechanism === 'plain' ? { mechanism, ...rest } : { mechanism, ...rest };
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly config?: Readonly<Record<string, string>>;
}

/** Creates missing topics. Topics are never created automatically on first use. */
export async function ensureTopics(
  access: KafkaAccess,
  topics: readonly TopicSpec[],
): Promise<void> {
  await withKafkaAdmin(access, async (admin) => {
    const known = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !known.has(topic.name));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, partitions, config = {} }) => ({
        topic: name,
        numPartitions: partitions,
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
    });
  });
}

/** Runs work on a separate admin connection. */
export async function withKafkaAdmin<T>(
  access: KafkaAccess,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = kafkaClient(access).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Deletes all records of the topic, including unread records; the offsets go on. */
export function deleteRecords(access: KafkaAccess, topic: string): Promise<void> {
  return withKafkaAdmin(access, (admin) =>
    insistently(async () => {
      const ends = await admin.fetchTopicOffsets(topic); // also loads the leaders
      const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
      await admin.deleteTopicRecords({ topic, partitions });
    }),
  );
}

/**
 * Deletes and creates the topic: the topic's offsets begin at 0, the groups' offsets stay. Each step
 * may be repeated after a lost answer. A connection that has read the topic's offsets would look for
 * the deleted topic, and is not used for the steps.
 */
export async function recreateTopic(access: KafkaAccess, topic: string): Promise<void> {
  const numPartitions = await withKafkaAdmin(
    access,
    async (admin) => (await admin.fetchTopicOffsets(topic)).length,
  );
  await withKafkaAdmin(access, async (admin) => {
    const isThere = async (): Promise<boolean> => (await admin.listTopics()).includes(topic);
    await insistently(async () => {
      if (await isThere()) await admin.deleteTopics({ topics: [topic] });
    });
    await insistently(async () => {
      await admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: false });
      if (!(await isThere())) throw new Error(`${topic} is still being deleted`);
    });
  });
}

/**
 * Repeats the work for half a minute: the broker may be starting, or busy with the last request. An
 * attempt ends after ten seconds, because kafkajs loses requests if the broker dies meanwhile.
 */
export async function insistently(work: () => Promise<unknown>): Promise<void> {
  const attempt = async (): Promise<void> => {
    const late = new AbortController();
    const timeout = sleep(ATTEMPT_MS, undefined, { signal: late.signal }).then(() => {
      throw new Error(`Kafka has not answered within ${ATTEMPT_MS} ms`);
    });
    await Promise.race([work(), timeout]).finally(() => late.abort());
  };
  await until('Kafka did not carry out a request', attempt, 30_000, 500);
}

const ATTEMPT_MS = 10_000;

const READY_TOPIC = '_stack.ready';
const ANSWER_MS = 10_000;

/**
 * Throws if a message cannot be written and read. An open port is no proof: for some seconds after
 * a start the group and transaction coordinators are still loading. Each node of a cluster reads in
 * a separate group, because a shared group would leave a node waiting forever.
 */
export async function kafkaRoundTrip(access: KafkaAccess, node?: number): Promise<void> {
  await ensureTopics(access, [
    { name: READY_TOPIC, partitions: 1, config: { 'retention.ms': '600000' } },
  ]);
  const kafka = kafkaClient(access);
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  const consumer = kafka.consumer({
    groupId: node === undefined ? READY_TOPIC : `${READY_TOPIC}-${node}`,
    sessionTimeout: 6_000,
    maxWaitTimeInMs: 100,
  });
  const probe = randomUUID();
  try {
    await producer.connect();
    await producer.send({ topic: READY_TOPIC, acks: -1, messages: [{ value: probe }] });
    await consumer.connect();
    await consumer.subscribe({ topic: READY_TOPIC, fromBeginning: true });
    const arrived = new Promise<true>((resolve) => {
      void consumer.run({
        eachMessage: async ({ message }) =>
          void (message.value?.toString() === probe && resolve(true)),
      });
    });
    const deadline = new AbortController();
    const late = sleep(ANSWER_MS, false, { signal: deadline.signal }).catch(() => false);
    const came = await Promise.race([arrived, late]);
    deadline.abort();
    if (!came) throw new Error(`a message to ${READY_TOPIC} was not delivered`);
  } finally {
    await Promise.all([producer.disconnect(), consumer.disconnect()]);
  }
}
