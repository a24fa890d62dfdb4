import type { MigrationClass } from '@sluice/postgres';
import { AuditorTables1795701600000 } from './migrations/1795701600000-auditor-tables.migration.js';
import { VenueBalances1795788000000 } from './migrations/1795788000000-venue-balances.migration.js';
import { ReleaseProofs1795789000000 } from './migrations/1795789000000-release-proofs.migration.js';
import { FindingSeals1795790000000 } from './migrations/1795790000000-finding-seals.migration.js';

export const AUDITOR_MIGRATIONS: readonly MigrationClass[] = [
  AuditorTables1795701600000,
  VenueBalances1795788000000,
  ReleaseProofs1795789000000,
  FindingSeals1795790000000,
];
