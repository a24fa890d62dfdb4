import { runMigrateJob } from '@sluice/postgres';
import { CONSOLE_SCHEMA } from './postgres/schema.js';

await runMigrateJob(CONSOLE_SCHEMA);
