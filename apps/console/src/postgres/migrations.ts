import type { MigrationClass } from '@sluice/postgres';
import { Console1797000002000 } from './migrations/1797000002000-console.migration.js';

export const CONSOLE_MIGRATIONS: readonly MigrationClass[] = [Console1797000002000];
