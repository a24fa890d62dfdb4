import type { DatabaseSchema } from '@sluice/postgres';
import { WEBHOOKS_MIGRATIONS } from './migrations.js';
import { WEBHOOKS_RETENTION } from './retention.js';
import { WEBHOOKS_RIGHTS } from './rights.js';

export const WEBHOOKS_SCHEMA: DatabaseSchema = {
  migrations: WEBHOOKS_MIGRATIONS,
  rights: WEBHOOKS_RIGHTS,
  retention: WEBHOOKS_RETENTION,
};
