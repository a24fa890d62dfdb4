import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { QueriesModule } from '../postgres/queries.module.js';
import { EntriesController } from './entries.controller.js';
import { TransfersController } from './transfers.controller.js';
import { WithdrawalEntriesController } from './withdrawal-entries.controller.js';

@Module({
  imports: [CommandsModule, QueriesModule],
  controllers: [EntriesController, TransfersController, WithdrawalEntriesController],
})
export class JournalModule {}
