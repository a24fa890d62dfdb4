export {
  checkInvariants,
  readInvariants,
  rowsThatBreak,
  type Invariant,
  type InvariantReport,
  type Queryable,
} from './checks/check-invariants.js';
export { forAccount, forAllAccounts, NO_ACCOUNT } from './accounts/account-scope.js';
export {
  restrictionOfPartition,
  restrictToAccounts,
  type AccountTable,
} from './schema/account-rows.js';
export { Database } from './database/database.js';
export { DatabaseContinuity, type ContinuityClient } from './connection/database-continuity.js';
export { DATABASE_CLOCK_LIMIT_MS, DatabaseClock } from './connection/database-clock.js';
export {
  CommitUnknownError,
  isInfrastructureFault,
  isRefusedLogin,
  UnfitDatabaseError,
} from './connection/faults.js';
export { foreignGrants, loginPowers, surplusRights, probeWrites } from './checks/surplus-rights.js';
export { purgeInbox, maintainPartitions, sweep } from './upkeep/sweep.js';
export type {
  OutboxRow,
  OutgoingMessage,
  SignMessages,
} from './transactions/commit-order-queue.js';
export { Outbox, packMessages, unpackMessages } from './transactions/outbox.js';
export {
  DeadLetters,
  type DeadLetter,
  type NewDeadLetter,
  SkippedBatches,
  type CorruptBatch,
  type SkippedBatch,
} from './transactions/dead-letters.js';
export { migrate, runMigrateJob } from './schema/migrate.js';
export { type MigrationClass } from './schema/migrations.js';
export { entityColumns, recordColumns } from './checks/entity-columns.js';
export type { EntityClass } from './database/data-source.js';
export {
  assignmentsFrom,
  givenRows,
  namesOf,
  rowsOf,
  selectedByName,
  selectedByProperty,
  rowsJson,
  storable,
} from './records/record-sql.js';
export {
  RETENTION_CUTOFF_ID,
  isBeforeRetentionCutoff,
  OLDEST_KEPT_ID,
  RETENTION_CUTOFF,
  type RetentionRule,
} from './schema/retention.js';
export { missingRights, type Query, type Rights } from './schema/rights.js';
export { revertBaseline, runSqlFile } from './schema/sql-file.js';
export { PLATFORM_SCHEMA, withPlatform, type DatabaseSchema } from './schema/schema.js';
export type { Tx } from './transactions/transaction.js';
export { UnitOfWork } from './transactions/unit-of-work.js';
export { untilReachable } from './database/until-reachable.js';
