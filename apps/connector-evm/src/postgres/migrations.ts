import type { MigrationClass } from '@sluice/postgres';
import { WalletAccountRows1796300002000 } from './migrations/1796300002000-wallet-account-rows.migration.js';
import { Refusals1796400002000 } from './migrations/1796400002000-refusals.migration.js';
import { Wallet1795680002000 } from './migrations/1795680002000-wallet.migration.js';

/** Migrations of the wallet, applied after the migrations of the engine. */
export const WALLET_MIGRATIONS: readonly MigrationClass[] = [
  Wallet1795680002000,
  WalletAccountRows1796300002000,
  Refusals1796400002000,
];
