import { runMigrateJob } from '@sluice/postgres';
import { INTAKE_SCHEMA } from './postgres/schema.js';

await runMigrateJob(INTAKE_SCHEMA);
