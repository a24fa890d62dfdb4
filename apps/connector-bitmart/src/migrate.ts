import { CONNECTOR_SCHEMA } from '@sluice/connector-engine/schema';
import { runMigrateJob } from '@sluice/postgres';

await runMigrateJob(CONNECTOR_SCHEMA);
