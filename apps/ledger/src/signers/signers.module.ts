import { Module } from '@nestjs/common';
import { OrderCasesController, SignersController } from './signers.controller.js';
import { Signers } from './signers.js';

/** Signers of accounts, and cases of orders without a valid signature. */
@Module({ controllers: [SignersController, OrderCasesController], providers: [Signers] })
export class SignersModule {}
