import type { MigrationClass } from '@sluice/postgres';
import { WebhookTables1795342000000 } from './migrations/1795342000000-webhook-tables.migration.js';

export const WEBHOOKS_MIGRATIONS: readonly MigrationClass[] = [WebhookTables1795342000000];
