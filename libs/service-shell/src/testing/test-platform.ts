import { type Database, DeadLetters, Outbox, SkippedBatches, UnitOfWork } from '@sluice/postgres';
import type { MessageKeys } from '@sluice/signing';
import { Approvals, type DemandingService } from '../approvals/approvals.js';
import { Health } from '../platform/health.js';
import type { Platform } from '../platform/platform.js';
import { PasskeyRule } from '../passkeys/passkey-rule.js';
import { RecordSeals } from '../seals/record-seals.js';
import { AuditKeys } from '../settings/audit-keys.js';
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

/** Returns the seals of a service with the keys of development. */
export function testSeals(service: string): RecordSeals {
  return new RecordSeals(service, AuditKeys.ofDevelopment());
}

export const TEST_SEALS = testSeals('test');

const SILENT = { error: () => undefined };

/** The rule of the default setting: only the operator command needs no passkey. */
export function testPasskeyRule(): PasskeyRule {
  return new PasskeyRule({ clientsWithoutPasskey: ['sluice-cli'] });
}

/** Approvals sealed with the keys of development, without logs. Default: not sent to the auditor. */
export function testApprovals(
  database: Database,
  service = 'test',
  messageKeys: DemandingService['messageKeys'] = { names: () => [] },
): Approvals {
  const demanding = { name: service, messageKeys };
  return new Approvals(database, testSeals(service), SILENT, demanding, testPasskeyRule());
}
