import type { MigrationClass } from '@sluice/postgres';
import { AuditorTables1764700000000 } from './migrations/1764700000000-auditor-tables.migration.js';

export const AUDITOR_MIGRATIONS: readonly MigrationClass[] = [AuditorTables1764700000000];
