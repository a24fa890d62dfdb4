import type { MigrationInterface } from 'typeorm';
import { PlatformTables1763600000000 } from './migrations/1763600000000-platform-tables.migration.js';

export type MigrationClass = new () => MigrationInterface;

export const PLATFORM_MIGRATIONS: readonly MigrationClass[] = [PlatformTables1763600000000];
