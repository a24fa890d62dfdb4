import { Module } from '@nestjs/common';
import { AddressBooks, StateSettings } from './address-book-settings.js';
import { AddressBookController } from './address-book.controller.js';
import { AddressEntries } from './address-entries.js';

@Module({ providers: [AddressBooks], exports: [AddressBooks] })
export class AddressBooksModule {}

/** Address books: entries and settings, stated by persons and by API keys. */
@Module({
  imports: [AddressBooksModule],
  controllers: [AddressBookController],
  providers: [AddressEntries, StateSettings],
})
export class AddressBookModule {}
