import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { HashChainModule } from '../proof/hash-chain.module.js';
import { QueriesModule } from '../postgres/ledger-queries.js';
import { HoldComparisonController } from './hold-comparison.controller.js';
import { HoldsController } from './holds.controller.js';

@Module({
  imports: [CommandsModule, HashChainModule, QueriesModule],
  controllers: [HoldsController, HoldComparisonController],
})
export class HoldsModule {}
