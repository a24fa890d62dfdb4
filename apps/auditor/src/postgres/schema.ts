import type { DatabaseSchema } from '@sluice/postgres';
import { AUDITOR_MIGRATIONS } from './migrations.js';
import { AUDITOR_RETENTION } from './retention.js';
import { AUDITOR_RIGHTS } from './rights.js';

export const AUDITOR_SCHEMA: DatabaseSchema = {
  migrations: AUDITOR_MIGRATIONS,
  rights: AUDITOR_RIGHTS,
  retention: AUDITOR_RETENTION,
};
