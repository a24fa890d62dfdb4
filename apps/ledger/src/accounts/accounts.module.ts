import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { QueriesModule } from '../postgres/ledger-queries.js';
import { AccountsController, Freezes, FreezesController } from './accounts.controller.js';
import { BalancesController, HouseAccountsController } from './balances.controller.js';

@Module({
  imports: [CommandsModule, QueriesModule],
  controllers: [AccountsController, BalancesController, FreezesController],
  providers: [Freezes],
})
export class AccountsModule {}

@Module({ imports: [QueriesModule], controllers: [HouseAccountsController] })
export class HouseAccountsModule {}
