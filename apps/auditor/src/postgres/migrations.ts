import type { MigrationClass } from '@sluice/postgres';
import { AccountRows1796300001000 } from './migrations/1796300001000-account-rows.migration.js';
import { AuditorTables1795701600000 } from './migrations/1795701600000-auditor-tables.migration.js';
import { WalletReading1795712400000 } from './migrations/1795712400000-wallet-reading.migration.js';
import { Permits1795740012000 } from './migrations/1795740012000-permits.migration.js';
import { VenueBalances1795788000000 } from './migrations/1795788000000-venue-balances.migration.js';
import { ReleaseProofs1795789000000 } from './migrations/1795789000000-release-proofs.migration.js';
import { FindingSeals1795790000000 } from './migrations/1795790000000-finding-seals.migration.js';
import { Requests1795790011000 } from './migrations/1795790011000-requests.migration.js';
import { CheckReports1795790021000 } from './migrations/1795790021000-check-reports.migration.js';
import { AuditEntries1795790031000 } from './migrations/1795790031000-audit-entries.migration.js';
import { WalletCoins1795790061000 } from './migrations/1795790061000-wallet-coins.migration.js';
import { Demands1796000021000 } from './migrations/1796000021000-demands.migration.js';
import { ReturnedMovements1796510001004 } from './migrations/1796510001004-returned-movements.migration.js';
import { FewerRows1796000071000 } from './migrations/1796000071000-fewer-rows.migration.js';

export const AUDITOR_MIGRATIONS: readonly MigrationClass[] = [
  AuditorTables1795701600000,
  WalletReading1795712400000,
  Permits1795740012000,
  VenueBalances1795788000000,
  ReleaseProofs1795789000000,
  FindingSeals1795790000000,
  Requests1795790011000,
  CheckReports1795790021000,
  AuditEntries1795790031000,
  WalletCoins1795790061000,
  Demands1796000021000,
  FewerRows1796000071000,
  AccountRows1796300001000,
  ReturnedMovements1796510001004,
];
