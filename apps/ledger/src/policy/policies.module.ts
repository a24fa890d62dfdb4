import { Module } from '@nestjs/common';
import { AddressBooksModule } from '../address-book/address-book.module.js';
import { Policies } from './policies.js';

@Module({ imports: [AddressBooksModule], providers: [Policies], exports: [Policies] })
export class PoliciesModule {}
