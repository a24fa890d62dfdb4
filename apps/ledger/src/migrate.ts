import { runMigrateJob } from '@sluice/postgres';
import { LEDGER_SCHEMA } from './postgres/schema.js';

await runMigrateJob(LEDGER_SCHEMA);
