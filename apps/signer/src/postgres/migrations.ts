import type { MigrationClass } from '@sluice/postgres';
import { Signer1797000000050 } from './migrations/1797000000050-signer.migration.js';

export const SIGNER_MIGRATIONS: readonly MigrationClass[] = [Signer1797000000050];
