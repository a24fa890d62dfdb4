import type { DatabaseSchema } from '@sluice/postgres';
import { CONNECTOR_MIGRATIONS } from './migrations.js';
import { CONNECTOR_RETENTION } from './retention.js';
import { CONNECTOR_RIGHTS } from './rights.js';

export const CONNECTOR_SCHEMA: DatabaseSchema = {
  migrations: CONNECTOR_MIGRATIONS,
  rights: CONNECTOR_RIGHTS,
  retention: CONNECTOR_RETENTION,
};
