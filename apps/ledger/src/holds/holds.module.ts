import { Module } from '@nestjs/common';
import { QueriesModule } from '../postgres/queries.module.js';
import { HoldsController } from './holds.controller.js';

@Module({ imports: [QueriesModule], controllers: [HoldsController] })
export class HoldsModule {}
