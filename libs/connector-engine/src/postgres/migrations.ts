import type { MigrationClass } from '@sluice/postgres';
import { Connector1795680001000 } from './migrations/1795680001000-connector.migration.js';
import { SealedEnds1795730011000 } from './migrations/1795730011000-sealed-ends.migration.js';

export const CONNECTOR_MIGRATIONS: readonly MigrationClass[] = [
  Connector1795680001000,
  SealedEnds1795730011000,
];
