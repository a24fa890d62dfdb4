import { runMigrateJob } from '@sluice/postgres';
import { SIGNER_SCHEMA } from './postgres/schema.js';

await runMigrateJob(SIGNER_SCHEMA);
