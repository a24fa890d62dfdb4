export { checkInvariants, type InvariantReport } from './check-invariants.js';
export { Database, type DatabaseOptions, type MigrationClass } from './database.js';
export { GroupCommit } from './group-commit.js';
export { isConnectionLost, isInfrastructureFault } from './faults.js';
export { Outbox, type OutboxRow } from './outbox.js';
export { ParkedMessages, type ParkedMessage, type Parking } from './parked-messages.js';
export { PLATFORM_MIGRATIONS } from './platform-migrations.js';
export type { Tx } from './transaction.js';
export { CommitUnknownError, UnitOfWork } from './unit-of-work.js';
