import type { MigrationClass } from '@sluice/postgres';
import { Ledger1795680001000 } from './migrations/1795680001000-ledger.migration.js';
import { SealedLifts1795730011000 } from './migrations/1795730011000-sealed-lifts.migration.js';

export const LEDGER_MIGRATIONS: readonly MigrationClass[] = [
  Ledger1795680001000,
  SealedLifts1795730011000,
];
