import type { MigrationClass } from '@sluice/postgres';
import { Auditor1797000000030 } from './migrations/1797000000030-auditor.migration.js';

export const AUDITOR_MIGRATIONS: readonly MigrationClass[] = [Auditor1797000000030];
