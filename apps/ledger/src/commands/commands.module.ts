import { Module } from '@nestjs/common';
import { BookHaltModule } from '../book-halt/book-halt.module.js';
import { BookMemory } from '../hash-chain/book-memory.js';
import { PoliciesModule } from '../policy/policies.module.js';
import { AdminCommands } from './admin-commands.js';
import { ApplyCommands } from './apply-commands.js';
import { CommandRules } from './decide.js';
import { HoldAuthority } from './hold-authority.js';
import { LedgerCommandsConsumer } from './ledger-commands.consumer.js';
import { TimeAndIds } from './decision.js';

@Module({
  imports: [BookHaltModule, PoliciesModule],
  controllers: [LedgerCommandsConsumer],
  providers: [TimeAndIds, HoldAuthority, BookMemory, CommandRules, ApplyCommands, AdminCommands],
  exports: [TimeAndIds, HoldAuthority, BookMemory, ApplyCommands, AdminCommands],
})
export class CommandsModule {}
