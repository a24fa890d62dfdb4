import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { CatalogueStore } from './catalogue-store.js';
import { RoutesController } from './routes.admin.controller.js';
import { SetRoute } from './set-route.js';
import { SetTerms } from './set-terms.js';
import { AccountTermsController, TermsController } from './terms.admin.controller.js';

/** What may be withdrawn, on which terms, and which venues pay it. */
@Module({
  imports: [AccountsModule],
  controllers: [RoutesController, TermsController, AccountTermsController],
  providers: [CatalogueStore, SetRoute, SetTerms],
  exports: [CatalogueStore],
})
export class CatalogueModule {}
