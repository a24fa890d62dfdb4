import type { MigrationClass } from '@sluice/postgres';
import { WebhookTables1795342000000 } from './migrations/1795342000000-webhook-tables.migration.js';
import { ManagedWebhooks1795468200000 } from './migrations/1795468200000-managed-webhooks.migration.js';
import { EventsByName1795535000000 } from './migrations/1795535000000-events-by-name.migration.js';

export const WEBHOOKS_MIGRATIONS: readonly MigrationClass[] = [
  WebhookTables1795342000000,
  ManagedWebhooks1795468200000,
  EventsByName1795535000000,
];
