import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { CompareHeads } from './compare-heads.js';
import { DetachmentsController } from './detachments.controller.js';
import { ProofController } from './proof.controller.js';

/** That the book is what it was: chains over the journal, their proof, and what is detached once it is proven. */
@Module({
  imports: [CommandsModule],
  controllers: [ProofController, DetachmentsController],
  providers: [CompareHeads],
  exports: [CompareHeads],
})
export class HashChainModule {}
