import type { MigrationInterface } from 'typeorm';
import { PlatformTables1763600000000 } from './migrations/1763600000000-platform-tables.migration.js';
import { SealedApprovals1795730010000 } from './migrations/1795730010000-sealed-approvals.migration.js';

export type MigrationClass = new () => MigrationInterface;

export const PLATFORM_MIGRATIONS: readonly MigrationClass[] = [
  PlatformTables1763600000000,
  SealedApprovals1795730010000,
];
