import type { MigrationClass } from '@sluice/postgres';
import { NonceNumbers1795701334118 } from './migrations/1795701334118-nonce-numbers.migration.js';
import { NonceSeals1795701334117 } from './migrations/1795701334117-nonce-seals.migration.js';
import { Signer1795680001000 } from './migrations/1795680001000-signer.migration.js';

export const SIGNER_MIGRATIONS: readonly MigrationClass[] = [
  Signer1795680001000,
  NonceSeals1795701334117,
  NonceNumbers1795701334118,
];
