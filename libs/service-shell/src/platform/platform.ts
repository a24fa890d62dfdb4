import type { Logger } from 'pino';
import {
  BatchServer,
  connectKafka,
  GroupProgress,
  newestMessages,
  OutboxRelay,
  PublishedLogs,
} from '@sluice/kafka';
import {
  isAwaited,
  type Message,
  PUBLIC_TOPICS,
  type Topic,
  topicsProducedBy,
  type TypeTable,
} from '@sluice/messages';
import {
  Database,
  type DatabaseClock,
  type DatabaseSchema,
  DeadLetters,
  type EntityClass,
  maintainPartitions,
  Outbox,
  probeWrites,
  SkippedBatches,
  UnitOfWork,
  untilReachable,
} from '@sluice/postgres';
import type { MessageKeys } from '@sluice/signing';
import { registerClockGauge } from '../metrics/process-metrics.js';
import { countBatch, registerKafkaGauges } from '../metrics/kafka-gauges.js';
import type { ServiceConfig } from '../settings/config.js';
import { kafkaSecurityOf } from '../settings/kafka-settings.js';
import { Health } from './health.js';
import { startMaintenance } from './maintenance.js';
import {
  addressedTo,
  authenticatorOf,
  type EventSignatures,
  isFollower,
  signerOf,
} from './message-authentication.js';
import { waitingSentence } from './start-faults.js';

export interface Platform {
  readonly name: string;
  readonly logger: Logger;
  readonly database: Database;
  /** Database clock: the service writes and compares timestamps by database time. */
  readonly clock: DatabaseClock;
  readonly unitOfWork: UnitOfWork;
  /** See `Outbox`. */
  readonly publishUnstored: Outbox['publishUnstored'];
  readonly deadLetters: DeadLetters;
  readonly skipped: SkippedBatches;
  readonly health: Health;
  readonly messageKeys: MessageKeys;
  /** Lost published records of a topic, to be requested from the senders at once. */
  onLogLoss(listener: (topic: string) => void): void;
  /**
   * Newest messages of a public topic, at most `most` per partition, without a group; absent
   * without Kafka. Throws while Kafka is away.
   */
  readonly readNewest?: ReadNewest;
  /** Progress of the service's consumer group. Left out like `readNewest`. */
  readonly groupProgress?: GroupProgress;
}

type ReadNewest = <T extends TypeTable>(
  topic: Topic<T>,
  most: number,
) => Promise<readonly Message<Topic<T>>[]>;

/** The platform with the parts started and stopped only by `startService`. */
export interface RunningPlatform extends Platform {
  /** Null for a service without brokers: the service uses only HTTP. */
  readonly server: BatchServer | null;
  stop(): Promise<void>;
}

interface PlatformOptions {
  name: string;
  config: ServiceConfig;
  logger: Logger;
  schema: DatabaseSchema;
  entities?: readonly EntityClass[];
  events?: EventSignatures;
  poolSize?: number;
  customerPoolSize?: number;
  gatherMs?: number;
  publishedStayMs?: number;
  onFatal: (error: Error) => void;
  /** Called with a sentence at each failed attempt while the database is away at the start, or not migrated. */
  onWaiting: (sentence: string) => void;
}

/**
 * Connects once the database is available and migrated, and begins with Kafka. Throws if the
 * database rejects the service.
 */
export async function openPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const { name, config, logger, events = {} } = options;
  const database = await openDatabase(options);
  const sign = signerOf(config.messageKeys, events.sign);
  const outbox = new Outbox(database, sign, options.publishedStayMs);
  const deadLetters = new DeadLetters(database);
  const skipped = new SkippedBatches(database);
  const lossListeners: ((topic: string) => void)[] = [];
  const onLogLoss = (topic: string): void => lossListeners.forEach((listener) => listener(topic));
  const health = new Health();
  const unitOfWork = new UnitOfWork(database, name, outbox);
  watchDatabase(health, database, unitOfWork);
  registerClockGauge('database', database.clock);
  const kafka =
    config.brokers.length === 0
      ? null
      : await openKafka({
          ...options,
          outbox,
          deadLetters,
          skipped,
          health,
          onLogLoss,
          eventFault: (event) => events.fault?.(event) ?? null,
        });
  const maintenance = startMaintenance({
    database,
    logger,
    retentionDays: config.retentionDays,
  });
  const stop = async () => {
    await Promise.all([maintenance.stop(), kafka?.stop()]);
    await database.close();
  };
  return {
    name,
    logger,
    database,
    clock: database.clock,
    unitOfWork,
    publishUnstored: (messages) => outbox.publishUnstored(messages),
    deadLetters,
    skipped,
    health,
    messageKeys: config.messageKeys,
    server: kafka?.server ?? null,
    stop,
    onLogLoss: (listener) => void lossListeners.push(listener),
    ...(kafka && { readNewest: kafka.readNewest, groupProgress: kafka.groupProgress }),
  };
}

interface KafkaParts extends PlatformOptions {
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  readonly skipped: SkippedBatches;
  readonly health: Health;
  readonly onLogLoss: (topic: string) => void;
  readonly eventFault: Parameters<typeof authenticatorOf>[2];
}

/** Creates consumer and relay. The relay starts immediately; `startService` starts the consumer. */
async function openKafka(parts: KafkaParts) {
  const { name, config, logger, outbox, deadLetters, skipped, health, onFatal, onLogLoss } = parts;
  const log = connectKafka({
    brokers: config.brokers,
    clientId: name,
    logger,
    security: kafkaSecurityOf(config),
    prefix: config.kafkaPrefix,
  });
  const own = new Set(topicsProducedBy(name));
  const produces = own.size > 0 ? (topic: string): boolean => own.has(topic) : null;
  const relay = new OutboxRelay(log, outbox, logger, produces, isAwaited);
  const server = new BatchServer({
    log,
    groupId: name,
    deadLetters,
    skipped,
    logger,
    sessionMs: config.kafkaSessionMs,
    gatherMs: parts.gatherMs,
    authenticate: authenticatorOf(name, config.messageKeys, parts.eventFault),
    isAddressed: addressedTo(name),
    isAwaited: (topic) => topic.awaited.size > 0 && !isFollower(name, topic),
    onFatal,
    onLogLoss,
    onBatch: countBatch,
  });
  const published = new PublishedLogs({
    log,
    logger,
    onLoss: onLogLoss,
    topics: PUBLIC_TOPICS.filter((topic) => own.has(topic)),
  });
  published.start();
  health.add('kafka', () => [...server.faults(), ...relay.faults()]);
  registerKafkaGauges(server);
  await relay.start();
  const readNewest: ReadNewest = (topic, most) => newestMessages(log, topic, most);
  const groupProgress = new GroupProgress(log, name);
  const stop = async (): Promise<void> => {
    groupProgress.close();
    await Promise.all([published.stop(), relay.stop()]);
  };
  return { server, readNewest, groupProgress, stop };
}

async function openDatabase({
  name,
  config,
  logger,
  schema,
  entities,
  poolSize,
  customerPoolSize,
  onWaiting,
}: PlatformOptions): Promise<Database> {
  const url = config.databaseUrl.reveal();
  const open = () =>
    Database.open({
      url,
      name,
      schema,
      ...(entities && { entities }),
      onClockJump: (byMs) => logger.warn({ byMs }, 'the clock of the database was changed'),
      ...(poolSize !== undefined && { poolSize }),
      ...(customerPoolSize !== undefined && { customerPoolSize }),
    });
  let lastLogged = '';
  const waiting = (error: unknown): void => {
    const sentence = waitingSentence(url, error);
    if (sentence !== lastLogged) logger.warn({}, sentence);
    lastLogged = sentence;
    onWaiting(sentence);
  };
  const database = await untilReachable(open, waiting);
  database.continuity.listen({
    noticed: (cause) =>
      logger.error({ cause }, 'the database returned to an earlier state or was replaced'),
  });
  // after a long downtime the partition of today may be missing
  await untilReachable(() => maintainPartitions(database), waiting);
  return database;
}

/** A longer transaction is stuck, not slow: no transaction of a service takes seconds. */
const STUCK_AFTER_MS = 8_000;

/** `/readyz` reports an unusable database within 10 s. */
function watchDatabase(health: Health, database: Database, unitOfWork: UnitOfWork): void {
  health.add(
    'database',
    async () => [(await probeWrites(database)) ?? []].flat(),
    'the database did not take a write in time: no connection is free, or it does not answer',
  );
  health.add('clock', () => [database.clock.fault() ?? []].flat());
  health.add('transactions', () => {
    const oldestMs = unitOfWork.oldestMs();
    if (oldestMs <= STUCK_AFTER_MS) return [];
    const waiting = database.waitingForConnection;
    const queue = waiting > 0 ? `, and ${waiting} more wait for a connection` : '';
    return [
      `a transaction has not finished for ${Math.round(oldestMs / 1_000)} s: locked, or the database does not answer${queue}`,
    ];
  });
}
