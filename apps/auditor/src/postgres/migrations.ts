import type { MigrationClass } from '@sluice/postgres';
import { AuditEntries1795790031000 } from './migrations/1795790031000-audit-entries.migration.js';
import { AuditorTables1795701600000 } from './migrations/1795701600000-auditor-tables.migration.js';
import { CheckReports1795790021000 } from './migrations/1795790021000-check-reports.migration.js';
import { Requests1795790011000 } from './migrations/1795790011000-requests.migration.js';

export const AUDITOR_MIGRATIONS: readonly MigrationClass[] = [
  AuditorTables1795701600000,
  Requests1795790011000,
  CheckReports1795790021000,
  AuditEntries1795790031000,
];
