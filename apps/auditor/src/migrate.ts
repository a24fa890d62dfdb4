import { runMigrateJob } from '@sluice/postgres';
import { AUDITOR_SCHEMA } from './postgres/schema.js';

await runMigrateJob(AUDITOR_SCHEMA);
