import type { MigrationClass } from '@sluice/postgres';
import { Ledger1797000000020 } from './migrations/1797000000020-ledger.migration.js';

export const LEDGER_MIGRATIONS: readonly MigrationClass[] = [Ledger1797000000020];
