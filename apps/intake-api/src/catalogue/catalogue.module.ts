import { Module } from '@nestjs/common';
import { CatalogueStore } from './catalogue-store.js';
import { RoutesController } from './routes.admin.controller.js';
import { SetRoute } from './set-route.js';

/** What may be withdrawn, on which terms, and which venues pay it. */
@Module({
  controllers: [RoutesController],
  providers: [CatalogueStore, SetRoute],
  exports: [CatalogueStore],
})
export class CatalogueModule {}
