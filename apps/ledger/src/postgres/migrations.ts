import type { MigrationClass } from '@sluice/postgres';
import { LedgerTables1763600100000 } from './migrations/1763600100000-tables.migration.js';
import { LedgerOperations1763700000000 } from './migrations/1763700000000-operations.migration.js';
import { LedgerChain1763800000000 } from './migrations/1763800000000-chain.migration.js';
import { LedgerHoldFillfactor1763850000000 } from './migrations/1763850000000-hold-fillfactor.migration.js';
import { LedgerPartitions1763900000000 } from './migrations/1763900000000-partitions.migration.js';
import { LedgerShared1764000000000 } from './migrations/1764000000000-shared.migration.js';
import { LedgerHoldIndexes1764100000000 } from './migrations/1764100000000-hold-indexes.migration.js';
import { LedgerVenueFees1764200000000 } from './migrations/1764200000000-venue-fees.migration.js';
import { LedgerQueryIndexes1764300000000 } from './migrations/1764300000000-query-indexes.migration.js';
import { LedgerHoldDigest1764400000000 } from './migrations/1764400000000-hold-digest.migration.js';
import { LedgerBounds1764500000000 } from './migrations/1764500000000-bounds.migration.js';
import { LedgerKeyedChain1764510000000 } from './migrations/1764510000000-keyed-chain.migration.js';
import { LedgerBookHalt1764520000000 } from './migrations/1764520000000-book-halt.migration.js';
import { LedgerHoldAssigned1764800000000 } from './migrations/1764800000000-hold-assigned.migration.js';
import { LedgerEndedHolds1764812000000 } from './migrations/1764812000000-ended-holds.migration.js';
import { LedgerCheckpointKey1764812100000 } from './migrations/1764812100000-checkpoint-key.migration.js';
import { LedgerMoneyOrders1764840000000 } from './migrations/1764840000000-money-orders.migration.js';
import { LedgerLiftedByTwo1764841000000 } from './migrations/1764841000000-lifted-by-two.migration.js';
import { LedgerSigners1764910000000 } from './migrations/1764910000000-signers.migration.js';
import { LedgerGas1795400000000 } from './migrations/1795400000000-gas.migration.js';
import { LedgerWalletFunding1795420000000 } from './migrations/1795420000000-wallet-funding.migration.js';
import { LedgerLostHead1795467960000 } from './migrations/1795467960000-lost-head.migration.js';
import { LedgerHoldReference1795500000000 } from './migrations/1795500000000-hold-reference.migration.js';

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
  LedgerBounds1764500000000,
  LedgerKeyedChain1764510000000,
  LedgerBookHalt1764520000000,
  LedgerHoldAssigned1764800000000,
  LedgerEndedHolds1764812000000,
  LedgerCheckpointKey1764812100000,
  LedgerMoneyOrders1764840000000,
  LedgerLiftedByTwo1764841000000,
  LedgerSigners1764910000000,
  LedgerGas1795400000000,
  LedgerWalletFunding1795420000000,
  LedgerLostHead1795467960000,
  LedgerHoldReference1795500000000,
];
