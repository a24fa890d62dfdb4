import { runMigrateJob } from '@sluice/postgres';
import { WEBHOOKS_SCHEMA } from './postgres/schema.js';

await runMigrateJob(WEBHOOKS_SCHEMA);
