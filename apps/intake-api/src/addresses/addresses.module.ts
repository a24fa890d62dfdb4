import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { AddressBookClient } from './address-book-client.js';
import { AddressesController, BookSettingsController } from './addresses.controller.js';

@Module({
  imports: [ApiKeysModule, CatalogueModule],
  controllers: [AddressesController, BookSettingsController],
  providers: [AddressBookClient],
})
export class AddressesModule {}
