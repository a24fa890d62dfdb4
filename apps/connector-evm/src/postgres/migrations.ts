import type { MigrationClass } from '@sluice/postgres';
import { Wallet1795680002000 } from './migrations/1795680002000-wallet.migration.js';

/** Migrations of the wallet, applied after the migrations of the engine. */
export const WALLET_MIGRATIONS: readonly MigrationClass[] = [Wallet1795680002000];
