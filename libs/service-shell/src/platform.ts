import { BatchServer, connectKafka, OutboxRelay } from '@sluice/kafka';
import { Database, keepParts, Outbox, ParkedMessages, PLATFORM_MIGRATIONS, UnitOfWork, type DatabaseOwner, type MigrationClass } from '@sluice/postgres';
import type { Logger } from 'pino';
import type { ServiceConfig } from './config.js';
import { Health } from './health.js';
import { keepHouse } from './keep-house.js';
import { createLogger } from './logging.js';

/** What a service stands on; its module takes from it what it needs. */
export interface Platform {
  readonly name: string;
  readonly logger: Logger;
  readonly database: Database;
  readonly unitOfWork: UnitOfWork;
  readonly parked: ParkedMessages;
  readonly health: Health;
}

/** The platform together with the parts that only the shell may start and stop. */
export interface OwnedPlatform extends Platform {
  readonly server: BatchServer;
  readonly relay: OutboxRelay;
  stop(): Promise<void>;
}

export interface PlatformOptions {
  name: string;
  config: ServiceConfig;
  migrations: readonly MigrationClass[];
  owner?: DatabaseOwner;
  poolSize?: number;
  onFatal: (error: Error) => void;
}

/** Connects to the database, migrates it, and begins to connect to Kafka. Throws when the database cannot be reached. */
export async function openPlatform({ name, config, migrations, owner, poolSize, onFatal }: PlatformOptions): Promise<OwnedPlatform> {
  const logger = createLogger(name, config.logLevel);
  const database = await Database.open({
    url: config.databaseUrl.reveal(),
    name,
    migrations: [...PLATFORM_MIGRATIONS, ...migrations],
    ...(owner && { owner }),
    ...(poolSize !== undefined && { poolSize }),
  });
  await keepParts(database); // after a long time away there may be none for today
  const outbox = new Outbox(database);
  const parked = new ParkedMessages(database);
  const kafka = connectKafka({ brokers: config.brokers, clientId: name, logger });
  const relay = new OutboxRelay(kafka, outbox, logger);
  const server = new BatchServer({ kafka, groupId: name, parked, logger, sessionMs: config.kafkaSessionMs, onFatal });
  const health = new Health();
  health.add(async () => {
    await database.query('SELECT 1');
    return [];
  });
  health.add(() => [...server.faults(), ...relay.faults()]);
  await relay.start();
  const stopHousekeeping = keepHouse(database, logger);
  const stop = async () => {
    stopHousekeeping();
    await relay.stop();
    await database.close();
  };
  return { name, logger, database, unitOfWork: new UnitOfWork(database, name, outbox), parked, health, server, relay, stop };
}
