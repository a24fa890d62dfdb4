import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { QueriesModule } from '../postgres/queries.module.js';
import { AccountsController } from './accounts.controller.js';
import { BalancesController } from './balances.controller.js';
import { FreezesController } from './freezes.controller.js';
import { Freezes } from './freezes.js';

@Module({
  imports: [CommandsModule, QueriesModule],
  controllers: [AccountsController, BalancesController, FreezesController],
  providers: [Freezes],
})
export class AccountsModule {}
