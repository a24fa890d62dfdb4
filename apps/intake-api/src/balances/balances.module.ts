import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { AccountBalancesController } from './account-balances.admin.controller.js';
import { BalancesController } from './balances.controller.js';
import { LedgerClient } from './ledger-client.js';

/** What accounts have: the ledger knows it. */
@Module({
  imports: [AccountsModule, ApiKeysModule, CatalogueModule],
  controllers: [BalancesController, AccountBalancesController],
  providers: [LedgerClient],
  exports: [LedgerClient],
})
export class BalancesModule {}
