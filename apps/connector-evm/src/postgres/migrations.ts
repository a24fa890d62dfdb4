import type { MigrationClass } from '@sluice/postgres';
import { Wallet1795410000000 } from './migrations/1795410000000-wallet.migration.js';
import { WalletCoin1795420000000 } from './migrations/1795420000000-wallet-coin.migration.js';
import { ForgottenNonces1795430000000 } from './migrations/1795430000000-forgotten-nonces.migration.js';
import { AwaitingSigner1795467700000 } from './migrations/1795467700000-awaiting-signer.migration.js';
import { ForgottenTransactions1795650000000 } from './migrations/1795650000000-forgotten-transactions.migration.js';
import { PutBackIndex1795651000000 } from './migrations/1795651000000-put-back-index.migration.js';

/** Migrations of the wallet, applied after the migrations of the engine. */
export const WALLET_MIGRATIONS: readonly MigrationClass[] = [
  Wallet1795410000000,
  WalletCoin1795420000000,
  ForgottenNonces1795430000000,
  AwaitingSigner1795467700000,
  ForgottenTransactions1795650000000,
  PutBackIndex1795651000000,
];
