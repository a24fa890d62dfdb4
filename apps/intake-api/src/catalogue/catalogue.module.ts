import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { CatalogueStore } from './catalogue-store.js';
import { CurrenciesController, HotWalletController } from './currencies.controller.js';
import { RoutesController } from './routes.admin.controller.js';
import { SetRoute } from './set-route.js';

/** What may be withdrawn, on which terms, and which venues pay it. */
@Module({
  imports: [ApiKeysModule],
  controllers: [CurrenciesController, HotWalletController, RoutesController],
  providers: [CatalogueStore, SetRoute],
  exports: [CatalogueStore],
})
export class CatalogueModule {}
