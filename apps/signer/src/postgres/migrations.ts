import type { MigrationClass } from '@sluice/postgres';
import { ClosedWithdrawal1795467800000 } from './migrations/1795467800000-closed-withdrawal.migration.js';
import { SignerTables1795355256768 } from './migrations/1795355256768-signer-tables.migration.js';
import { NoncePlacement1795468828960 } from './migrations/1795468828960-nonce-placement.migration.js';

export const SIGNER_MIGRATIONS: readonly MigrationClass[] = [
  SignerTables1795355256768,
  ClosedWithdrawal1795467800000,
  NoncePlacement1795468828960,
];
