import { Module } from '@nestjs/common';
import { DryRun } from './dry-run.js';
import { ExplainDecision, PreviewPolicy } from './explain-decision.js';
import { PoliciesModule } from './policies.module.js';
import { PolicyController, PolicyQuestionsController } from './policy.controller.js';
import { PublishPolicy } from './publish-policy.js';
import { SetPrice } from './set-price.js';

@Module({
  imports: [PoliciesModule],
  controllers: [PolicyController, PolicyQuestionsController],
  providers: [PublishPolicy, SetPrice, ExplainDecision, DryRun, PreviewPolicy],
})
export class PolicyModule {}
