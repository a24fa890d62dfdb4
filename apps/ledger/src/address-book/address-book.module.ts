import { Module } from '@nestjs/common';
import { AddressBookController } from './address-book.controller.js';
import { AddressBooksModule } from './address-books.module.js';
import { AddressEntries } from './address-entries.js';
import { StateSettings } from './state-settings.js';

/** Address books: entries and settings, stated by persons and by API keys. */
@Module({
  imports: [AddressBooksModule],
  controllers: [AddressBookController],
  providers: [AddressEntries, StateSettings],
})
export class AddressBookModule {}
