export {
  checkInvariants,
  readInvariants,
  rowsThatBreak,
  type Invariant,
  type InvariantReport,
  type Queryable,
} from './check-invariants.js';
export { Database, type DatabaseOptions } from './database.js';
export {
  DatabaseContinuity,
  type ContinuityClient,
  type ContinuityListener,
} from './database-continuity.js';
export { DATABASE_CLOCK_LIMIT_MS, DatabaseClock } from './database-clock.js';
export {
  CommitUnknownError,
  isConnectionLost,
  isInfrastructureFault,
  isRefusedLogin,
} from './faults.js';
export { foreignGrants, type ForeignGrant } from './foreign-grants.js';
export { purgeInbox } from './inbox.js';
export type { OutboxRow, OutgoingMessage } from './outbox-row.js';
export { Outbox, packMessages, unpackMessages } from './outbox.js';
export { DeadLetters, type DeadLetter, type NewDeadLetter, type Replayed } from './dead-letters.js';
export { loginPowers, type LoginPowers } from './login-powers.js';
export { maintainPartitions, type PartitionMaintenance } from './partitions.js';
export { migrate, type MigrateOptions } from './migrate.js';
export { PLATFORM_MIGRATIONS, type MigrationClass } from './migrations.js';
export { NotMigratedError } from './not-migrated.js';
export { entityColumns } from './entity-columns.js';
export type { EntityClass, EntityRepository } from './repository.js';
export {
  RETENTION_CUTOFF_ID,
  isBeforeRetentionCutoff,
  RETENTION_CUTOFF,
  sweep,
  type RetentionRule,
  type Swept,
} from './retention.js';
export { listRights, missingRights, rightInWords, type Query, type Rights } from './rights.js';
export { runMigrateJob } from './run-migrate-job.js';
export { PLATFORM_SCHEMA, withPlatform, type DatabaseSchema } from './schema.js';
export {
  SkippedBatches,
  type BatchPosition,
  type CorruptBatch,
  type SkipDecision,
  type SkippedBatch,
} from './skipped-batches.js';
export { surplusRights } from './surplus-rights.js';
export type { Tx } from './transaction.js';
export { UnitOfWork } from './unit-of-work.js';
export { untilReachable } from './until-reachable.js';
export { probeWrites } from './write-probe.js';
