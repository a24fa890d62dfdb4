import type { MigrationClass } from '@sluice/postgres';
import { Signer1795680001000 } from './migrations/1795680001000-signer.migration.js';

export const SIGNER_MIGRATIONS: readonly MigrationClass[] = [Signer1795680001000];
