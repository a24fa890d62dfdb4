import type { MigrationClass } from '@sluice/postgres';
import { Webhooks1797000000040 } from './migrations/1797000000040-webhooks.migration.js';

export const WEBHOOKS_MIGRATIONS: readonly MigrationClass[] = [Webhooks1797000000040];
