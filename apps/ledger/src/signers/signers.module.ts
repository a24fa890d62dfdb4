import { Module } from '@nestjs/common';
import { OrderCasesController, SignersController } from './signers.controller.js';
import { Signers } from './signers.js';

@Module({ controllers: [SignersController, OrderCasesController], providers: [Signers] })
export class SignersModule {}
