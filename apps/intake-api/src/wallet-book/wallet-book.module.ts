import { Module } from '@nestjs/common';
import { BalancesModule } from '../balances/balances.module.js';
import { KeepWalletCoins, WalletBookWatch } from './wallet-book-watch.js';

@Module({
  imports: [BalancesModule],
  providers: [KeepWalletCoins, WalletBookWatch],
  exports: [KeepWalletCoins],
})
export class WalletBookModule {}
