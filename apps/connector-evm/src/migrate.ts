import { runMigrateJob } from '@sluice/postgres';
import { WALLET_SCHEMA } from './postgres/schema.js';

await runMigrateJob(WALLET_SCHEMA);
