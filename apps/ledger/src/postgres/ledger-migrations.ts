import type { MigrationClass } from '@sluice/postgres';
import { LedgerChain1763800000000 } from './migrations/ledger-chain.migration.js';
import { LedgerQueryIndexes1764300000000 } from './migrations/ledger-query-indexes.migration.js';
import { LedgerHoldDigest1764400000000 } from './migrations/ledger-hold-digest.migration.js';
import { LedgerHoldIndexes1764100000000 } from './migrations/ledger-hold-indexes.migration.js';
import { LedgerHoldFillfactor1763850000000 } from './migrations/ledger-hold-fillfactor.migration.js';
import { LedgerOperations1763700000000 } from './migrations/ledger-operations.migration.js';
import { LedgerPartitions1763900000000 } from './migrations/ledger-partitions.migration.js';
import { LedgerShared1764000000000 } from './migrations/ledger-shared.migration.js';
import { LedgerTables1763600100000 } from './migrations/ledger-tables.migration.js';
import { LedgerVenueFees1764200000000 } from './migrations/ledger-venue-fees.migration.js';

/** In order. */
export const LEDGER_MIGRATIONS: readonly MigrationClass[] = [
  LedgerTables1763600100000,
  LedgerOperations1763700000000,
  LedgerChain1763800000000,
  LedgerHoldFillfactor1763850000000,
  LedgerPartitions1763900000000,
  LedgerShared1764000000000,
  LedgerHoldIndexes1764100000000,
  LedgerVenueFees1764200000000,
  LedgerQueryIndexes1764300000000,
  LedgerHoldDigest1764400000000,
];
