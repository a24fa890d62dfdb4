import { Module } from '@nestjs/common';
import { DetachmentsController } from './detachments.controller.js';
import { ProofController } from './proof.controller.js';

/** That the book is what it was: chains over the journal, their proof, and what is detached once it is proven. */
@Module({ controllers: [ProofController, DetachmentsController] })
export class HashChainModule {}
