import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { WireMessage } from '@sluice/messages';
import {
  Database,
  Outbox,
  DeadLetters,
  migrate,
  PLATFORM_SCHEMA,
  SkippedBatches,
  UnitOfWork,
} from '@sluice/postgres';
import { eventually } from '@sluice/test-kit';
import { asOwner, asService, TEST_LOGIN, testDatabase, withTestKafka } from '@sluice/test-servers';
import { Kafka, logLevel } from 'kafkajs';
import { BatchHandler, BatchServer } from '../consuming/batch-server.js';
import { connectKafka } from '../kafkajs/connect-kafka.js';
import type { Logger } from '@sluice/runtime';
import { OutboxRelay } from '../publishing/outbox-relay.js';
import { murmur2 } from '../port/murmur2.js';
import { notesTopic, type Note, type NotesTopic } from './notes-topic.js';

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

type LogLine = Readonly<Record<string, unknown>> & { readonly text: string };

/**
 * Session timeout (ms): short because some tests outlast a session, long enough for a busy machine.
 */
export const SESSION_MS = 3_000;

export interface RawMessage extends Pick<WireMessage, 'key' | 'headers'> {
  readonly value: string | Buffer | null;
}

/** A topic, a database and any number of instances that store the messages. */
export async function givenTopic(
  partitions = 6,
  config: Readonly<Record<string, string>> = {},
  kind: { readonly isAwaited?: boolean } = {},
) {
  const kafka = await withTestKafka();
  const notes = notesTopic(kind);
  await kafka.createTopics([{ name: notes.name, partitions, config }]);
  const url = await testDatabase('notes');
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA });
  const setUp = await Database.open({ url, name: 'setup' });
  await setUp.query(
    'CREATE TABLE note (seq bigint GENERATED ALWAYS AS IDENTITY, note_id text NOT NULL, n int NOT NULL)',
  );
  await setUp.query(`GRANT SELECT, INSERT ON note TO ${TEST_LOGIN}`);
  const running: { stop(): Promise<void> }[] = [];
  const test = new Kafka({
    brokers: kafka.brokers,
    logLevel: logLevel.NOTHING,
    retry: { retries: 60, maxRetryTime: 1_000 },
  });
  const producer = test.producer({ allowAutoTopicCreation: false });
  await producer.connect();

  return {
    notes,
    url,
    broker: kafka,
    database: setUp,
    deadLetters: new DeadLetters(setUp),
    kafka: test,
    send: (...messages: readonly RawMessage[]) =>
      producer.send({
        topic: notes.name,
        messages: messages.map(({ key, headers, value }) => ({ key, headers, value })),
      }),
    /** Returns a note key for each partition. */
    keysByPartition: (): string[] =>
      Array.from({ length: partitions }, (_, partition) => {
        for (let n = 0; ; n++)
          if ((murmur2(Buffer.from(`note ${n}`)) & 0x7fffffff) % partitions === partition)
            return `note ${n}`;
      }),
    start: async (options: ServiceOptions = {}) => {
      const service = await startInstance(notes, url, kafka.brokers, options);
      running.push(service);
      return service;
    },
    /** Stored numbers by note, in commit order of the handlers. */
    stored: async (): Promise<Record<string, number[]>> => {
      const rows = await setUp.query<{ note_id: string; ns: number[] }>(
        'SELECT note_id, array_agg(n ORDER BY seq) AS ns FROM note GROUP BY note_id',
      );
      return Object.fromEntries(rows.map(({ note_id, ns }) => [note_id, ns]));
    },
    members: async (groupId: string): Promise<number> => {
      const admin = test.admin();
      await admin.connect();
      const { groups } = await admin.describeGroups([groupId]);
      await admin.disconnect();
      const [group] = groups;
      return group?.state === 'Stable' ? group.members.length : 0;
    },
    recreate: async (): Promise<void> => {
      const admin = test.admin();
      await admin.connect();
      await admin.deleteTopics({ topics: [notes.name] });
      await eventually(async () => expect(await admin.listTopics()).not.toContain(notes.name), {
        withinMs: 40_000,
      });
      await admin.disconnect();
      await kafka.createTopics([{ name: notes.name, partitions, config }]);
    },
    committed: async (groupId: string): Promise<number> => {
      const admin = test.admin();
      await admin.connect();
      const offsets = await admin.fetchOffsets({ groupId, topics: [notes.name] });
      await admin.disconnect();
      return offsets
        .flatMap(({ partitions }) => partitions)
        .reduce((sum, { offset }) => sum + Math.max(Number(offset), 0), 0);
    },
    stop: async () => {
      await Promise.all(running.map((service) => service.stop()));
      await producer.disconnect();
      await setUp.close();
    },
  };
}

interface ServiceOptions {
  groupId?: string;
  databaseUrl?: (url: string) => string;
  lanes?: number;
  gatherMs?: number;
  publishedStayMs?: number;
  /** Additional existing topics for the same handler. */
  also?: readonly NotesTopic[];
  /** Default: all topics. */
  produces?: ((topic: string) => boolean) | null;
  before?: (batch: readonly Note[]) => Promise<void> | void;
}

export type TestService = Awaited<ReturnType<typeof startInstance>>;

async function startInstance(
  notes: NotesTopic,
  url: string,
  brokers: readonly string[],
  options: ServiceOptions,
) {
  const {
    groupId = `readers of ${notes.name}`,
    produces = () => true,
    databaseUrl = (same) => same,
    lanes = 1,
    gatherMs,
    publishedStayMs,
    also = [],
    before = () => undefined,
  } = options;
  const database = await Database.open({
    url: asService(databaseUrl(url)),
    name: groupId,
    schema: PLATFORM_SCHEMA,
    statementTimeoutMs: 5_000,
  });
  const outbox = new Outbox(database, undefined, publishedStayMs);
  const log = connectKafka({ brokers, clientId: 'notes', logger: SILENT });
  const fatal: Error[] = [];
  const deadLetters = new DeadLetters(database);
  const skipped = new SkippedBatches(database);
  const errors: LogLine[] = [];
  const losses: string[] = [];
  const logger: Logger = {
    ...SILENT,
    error: (fields, text) => void errors.push({ ...fields, text }),
  };
  const relay = new OutboxRelay(log, outbox, logger, produces, () => false);
  const server = new BatchServer({
    log,
    groupId,
    deadLetters,
    skipped,
    logger,
    sessionMs: SESSION_MS,
    gatherMs,
    authenticate: () => null,
    onFatal: (error) => fatal.push(error),
    onLogLoss: (lost) => losses.push(lost),
  });
  const unitOfWork = new UnitOfWork(database, 'notes', outbox);
  const batches: (readonly Note[])[] = [];
  const store = async (batch: readonly Note[]) => {
    batches.push(batch);
    await before(batch);
    await unitOfWork.run(async (tx) => {
      const fresh = await tx.claimInbox(batch);
      const columns = [fresh.map(({ data }) => data.noteId), fresh.map(({ data }) => data.n)];
      await tx.query(
        'INSERT INTO note (note_id, n) SELECT * FROM unnest($1::text[], $2::int[])',
        columns,
      );
    });
  };
  await relay.start();
  const app = await NestFactory.createMicroservice(moduleOf([notes, ...also], lanes, store), {
    strategy: server,
    logger: false,
  });
  await app.listen();
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await app.close();
    await relay.stop();
    await database.close();
  };
  return {
    server,
    relay,
    outbox,
    skipped,
    errors,
    losses,
    database,
    unitOfWork,
    batches,
    fatal,
    app,
    stop: () => (stopped ??= stop()),
  };
}

function moduleOf(
  notes: readonly NotesTopic[],
  lanes: number,
  store: (batch: readonly Note[]) => Promise<void>,
) {
  @Controller()
  class NotesConsumer {
    @BatchHandler(notes, { lanes })
    async onBatch(batch: readonly Note[]): Promise<void> {
      await store(batch);
    }
  }

  @Module({ controllers: [NotesConsumer] })
  class NotesModule {}

  return NotesModule;
}
