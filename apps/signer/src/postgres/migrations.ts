import type { MigrationClass } from '@sluice/postgres';
import { SignerTables1795355256768 } from './migrations/1795355256768-signer-tables.migration.js';

export const SIGNER_MIGRATIONS: readonly MigrationClass[] = [SignerTables1795355256768];
