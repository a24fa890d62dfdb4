import { Module } from '@nestjs/common';
import { QueriesModule } from '../postgres/queries.module.js';
import { HouseAccountsController } from './house-accounts.controller.js';

@Module({ imports: [QueriesModule], controllers: [HouseAccountsController] })
export class HouseAccountsModule {}
