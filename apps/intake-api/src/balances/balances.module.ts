import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { AccountBalancesController, BalancesController } from './balances.controller.js';
import { LedgerClient } from '../other-services/ledger-client.js';

/** Account balances, read from the ledger. */
@Module({
  imports: [AccountsModule, ApiKeysModule, CatalogueModule],
  controllers: [BalancesController, AccountBalancesController],
  providers: [LedgerClient],
  exports: [LedgerClient],
})
export class BalancesModule {}
