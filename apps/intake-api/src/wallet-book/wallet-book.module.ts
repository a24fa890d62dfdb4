import { Module } from '@nestjs/common';
import { BalancesModule } from '../balances/balances.module.js';
import { KeepWalletCoins } from './keep-wallet-coins.js';
import { WalletBookWatch } from './wallet-book-watch.js';

/** Whether the ledger's accounts of our own wallet say what its chains have. */
@Module({
  imports: [BalancesModule],
  providers: [KeepWalletCoins, WalletBookWatch],
  exports: [KeepWalletCoins],
})
export class WalletBookModule {}
