import type { MigrationInterface } from 'typeorm';
import { PlatformTables1797000000000 } from './migrations/1797000000000-platform-tables.migration.js';

export type MigrationClass = new () => MigrationInterface;

export const PLATFORM_MIGRATIONS: readonly MigrationClass[] = [PlatformTables1797000000000];
