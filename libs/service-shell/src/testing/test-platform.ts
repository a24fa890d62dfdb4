import { DeadLetters, Outbox, SkippedBatches, UnitOfWork, type Database } from '@sluice/postgres';
import type { MessageKeys } from '@sluice/signing';
import type { Platform } from '../platform/platform.js';
import { Health } from '../platform/health.js';
import { createLogger } from '../start/logging.js';

/** Returns the parts of a service without Kafka and without logs. `own` replaces parts. */
export function testPlatform(
  name: string,
  database: Database,
  messageKeys: MessageKeys,
  own: Partial<Pick<Platform, 'unitOfWork' | 'logger'>> = {},
): Platform {
  return {
    name,
    logger: createLogger(name, 'silent'),
    database,
    clock: database.clock,
    unitOfWork: new UnitOfWork(database, name, new Outbox(database)),
    publishUnstored: () => Promise.resolve(),
    deadLetters: new DeadLetters(database),
    skipped: new SkippedBatches(database),
    health: new Health(),
    messageKeys,
    onLogLoss: () => undefined,
    ...own,
  };
}
