import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { QueriesModule } from '../postgres/queries.module.js';
import { AccountsController } from './accounts.controller.js';
import { BalancesController } from './balances.controller.js';

@Module({
  imports: [CommandsModule, QueriesModule],
  controllers: [AccountsController, BalancesController],
})
export class AccountsModule {}
