import type { DatabaseSchema } from '@sluice/postgres';
import { AUDITOR_MIGRATIONS } from './migrations.js';

export const AUDITOR_SCHEMA: DatabaseSchema = {
  migrations: AUDITOR_MIGRATIONS,
  rights: { tables: { example: 'SELECT, INSERT, UPDATE (ended_at)' } },
};
