import type { DatabaseSchema } from '@sluice/postgres';
import { INTAKE_RETENTION } from './retention.js';
import { INTAKE_MIGRATIONS } from './migrations.js';
import { INTAKE_RIGHTS } from './rights.js';

export const INTAKE_SCHEMA: DatabaseSchema = {
  migrations: INTAKE_MIGRATIONS,
  rights: INTAKE_RIGHTS,
  retention: INTAKE_RETENTION,
};
