import { Module } from '@nestjs/common';
import { OrderCasesController } from './order-cases.controller.js';
import { Signers } from './signers.js';
import { SignersController } from './signers.controller.js';

/** Which accounts take signed orders only, and which orders were none. */
@Module({ controllers: [SignersController, OrderCasesController], providers: [Signers] })
export class SignersModule {}
