import { Module } from '@nestjs/common';
import { QueriesModule } from '../postgres/ledger-queries.js';
import {
  EntriesController,
  TransfersController,
  WithdrawalEntriesController,
} from './entries.controller.js';

@Module({
  imports: [QueriesModule],
  controllers: [EntriesController, TransfersController, WithdrawalEntriesController],
})
export class JournalModule {}
