import type { MigrationClass } from '@sluice/postgres';
import { Connector1795680001000 } from './migrations/1795680001000-connector.migration.js';

export const CONNECTOR_MIGRATIONS: readonly MigrationClass[] = [Connector1795680001000];
