import type { MigrationClass } from '@sluice/postgres';
import { AuditorTables1795701600000 } from './migrations/1795701600000-auditor-tables.migration.js';
import { WalletReading1795712400000 } from './migrations/1795712400000-wallet-reading.migration.js';

export const AUDITOR_MIGRATIONS: readonly MigrationClass[] = [
  AuditorTables1795701600000,
  WalletReading1795712400000,
];
