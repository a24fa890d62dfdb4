import { Module } from '@nestjs/common';
import { AddressBooksModule } from '../address-book/address-book.module.js';
import { Policies } from './policies.js';

/** Rule sets in force, for the decisions on holds. */
@Module({ imports: [AddressBooksModule], providers: [Policies], exports: [Policies] })
export class PoliciesModule {}
