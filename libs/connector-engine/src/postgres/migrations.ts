import type { MigrationClass } from '@sluice/postgres';
import { Connector1797000000060 } from './migrations/1797000000060-connector.migration.js';

export const CONNECTOR_MIGRATIONS: readonly MigrationClass[] = [Connector1797000000060];
