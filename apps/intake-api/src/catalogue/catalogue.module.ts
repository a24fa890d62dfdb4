import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { AccountInUse } from './account-in-use.js';
import { CatalogueStore } from './catalogue-store.js';
import { CurrenciesController, HotWalletController } from './currencies.controller.js';
import { KeepWallets } from './known-wallets.js';
import { RoutesController, SetRoute } from './routes.admin.controller.js';
import { SetTerms } from './set-terms.js';
import { AccountTermsController, TermsController } from './terms.admin.controller.js';

@Module({
  imports: [ApiKeysModule],
  controllers: [
    CurrenciesController,
    HotWalletController,
    RoutesController,
    TermsController,
    AccountTermsController,
  ],
  providers: [AccountInUse, CatalogueStore, KeepWallets, SetRoute, SetTerms],
  exports: [CatalogueStore, KeepWallets],
})
export class CatalogueModule {}
