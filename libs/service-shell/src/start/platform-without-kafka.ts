import { DeadLetters, Outbox, SkippedBatches, UnitOfWork, type Database } from '@sluice/postgres';
import type { MessageKeys } from '@sluice/signing';
import type { Logger } from 'pino';
import { createLogger } from './logging.js';
import { Health } from '../platform/health.js';
import type { Platform } from '../platform/platform.js';

interface Parts {
  readonly name: string;
  readonly database: Database;
  readonly messageKeys: MessageKeys;
  /** Default: a unit of work with an outbox of its own. */
  readonly unitOfWork?: UnitOfWork;
  /** Default: a silent logger. */
  readonly logger?: Logger;
}

/** Returns the platform for `createServiceApp` on an open database: no Kafka and no maintenance. */
export function platformWithoutKafka({
  name,
  database,
  messageKeys,
  unitOfWork = new UnitOfWork(database, name, new Outbox(database)),
  logger = createLogger(name, 'silent'),
}: Parts): Platform {
  return {
    name,
    logger,
    database,
    clock: database.clock,
    unitOfWork,
    deadLetters: new DeadLetters(database),
    skipped: new SkippedBatches(database),
    health: new Health(),
    messageKeys,
    onLogLoss: () => undefined,
  };
}
