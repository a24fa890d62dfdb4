import type { MigrationClass } from '@sluice/postgres';
import { AuditorTables1795701600000 } from './migrations/1795701600000-auditor-tables.migration.js';
import { Permits1795740012000 } from './migrations/1795740012000-permits.migration.js';

export const AUDITOR_MIGRATIONS: readonly MigrationClass[] = [
  AuditorTables1795701600000,
  Permits1795740012000,
];
