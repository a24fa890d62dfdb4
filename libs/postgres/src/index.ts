export { checkInvariants, type InvariantReport, type Queryable } from './check-invariants.js';
export { Database, type DatabaseOptions, type OwnerRole, type MigrationClass } from './database.js';
export { DatabaseClock } from './database-clock.js';
export {
  CommitUnknownError,
  isConnectionLost,
  isInfrastructureFault,
  isRefusedLogin,
} from './faults.js';
export { purgeInbox } from './inbox.js';
export type { OutboxRow, OutgoingMessage } from './outbox-row.js';
export { Outbox, packMessages, unpackMessages } from './outbox.js';
export { DeadLetters, type DeadLetter, type NewDeadLetter, type Replayed } from './dead-letters.js';
export { maintainPartitions, platformGrants, type PartitionMaintenance } from './partitions.js';
export { PLATFORM_MIGRATIONS } from './migrations.js';
export { entityColumns } from './entity-columns.js';
export type { EntityClass, EntityRepository } from './repository.js';
export {
  RETENTION_CUTOFF_ID,
  isBeforeRetentionCutoff,
  RETENTION_CUTOFF,
  PLATFORM_RETENTION,
  sweep,
  type RetentionRule,
  type Swept,
} from './retention.js';
export {
  SkippedBatches,
  type BatchPosition,
  type CorruptBatch,
  type SkipDecision,
  type SkippedBatch,
} from './skipped-batches.js';
export type { Tx } from './transaction.js';
export { UnitOfWork } from './unit-of-work.js';
export { untilReachable } from './until-reachable.js';
export { probeWrites } from './write-probe.js';
