import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { CompareHeads } from '../hash-chain/compare-heads.js';
import { DetachmentsController } from './detach-journal.controller.js';
import { ProofController } from './prove-book.controller.js';

/** Chains over the journal, their proof, and detaching of proven partitions. */
@Module({
  imports: [CommandsModule],
  controllers: [ProofController, DetachmentsController],
  providers: [CompareHeads],
  exports: [CompareHeads],
})
export class HashChainModule {}
