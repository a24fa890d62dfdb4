import { Module } from '@nestjs/common';
import { OrderCasesController } from './order-cases.controller.js';
import { Signers } from './signers.js';
import { SignersController } from './signers.controller.js';

/** Signers of accounts, and cases of orders without a valid signature. */
@Module({ controllers: [SignersController, OrderCasesController], providers: [Signers] })
export class SignersModule {}
