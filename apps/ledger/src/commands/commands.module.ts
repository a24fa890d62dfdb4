import { Module } from '@nestjs/common';
import { AdminCommands } from './admin-commands.js';
import { ApplyCommands } from './apply-commands.js';
import { HoldAuthority } from './hold-authority.js';
import { LedgerCommandsConsumer } from './ledger-commands.consumer.js';
import { TimeAndIds } from './time-and-ids.js';

/** How the books change, whoever asks. */
@Module({
  controllers: [LedgerCommandsConsumer],
  providers: [TimeAndIds, HoldAuthority, ApplyCommands, AdminCommands],
  exports: [TimeAndIds, ApplyCommands, AdminCommands],
})
export class CommandsModule {}
