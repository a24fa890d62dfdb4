import type { MigrationClass } from '@sluice/postgres';
import { Ledger1795680001000 } from './migrations/1795680001000-ledger.migration.js';
import { MoneyOrdersByTime1795780001000 } from './migrations/1795780001000-money-orders-by-time.migration.js';

export const LEDGER_MIGRATIONS: readonly MigrationClass[] = [
  Ledger1795680001000,
  MoneyOrdersByTime1795780001000,
];
