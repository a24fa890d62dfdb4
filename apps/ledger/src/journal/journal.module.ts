import { Module } from '@nestjs/common';
import { QueriesModule } from '../postgres/queries.module.js';
import { EntriesController } from './entries.controller.js';
import { TransfersController } from './transfers.controller.js';
import { WithdrawalEntriesController } from './withdrawal-entries.controller.js';

@Module({
  imports: [QueriesModule],
  controllers: [EntriesController, TransfersController, WithdrawalEntriesController],
})
export class JournalModule {}
