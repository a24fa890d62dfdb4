import { Module } from '@nestjs/common';
import { AddressBooks } from './address-book-settings.js';

/** Settings of the address books, for the decisions on holds. */
@Module({ providers: [AddressBooks], exports: [AddressBooks] })
export class AddressBooksModule {}
