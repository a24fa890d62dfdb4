import type { MigrationClass } from '@sluice/postgres';
import { Wallet1797000000061 } from './migrations/1797000000061-wallet.migration.js';

export const WALLET_MIGRATIONS: readonly MigrationClass[] = [Wallet1797000000061];
