import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  ComparePolicyDto,
  DryRunDto,
  DryRunPolicyDto,
  PolicyDecisionDto,
  PolicyDifferencesDto,
  PolicyPreviewDto,
  PreviewPolicyDto,
  Refuses,
  Requires,
  ROLES,
  WithdrawalEntriesParams,
} from '@sluice/http-api';
import { DEFAULT_RULE_SET, differencesOf, looseningsOf } from '@sluice/policy-core';
import { Database } from '@sluice/postgres';
import { DryRun } from './dry-run.js';
import { ExplainDecision } from './explain-decision.js';
import { Policies } from './policies.js';
import { PreviewPolicy } from './preview-policy.js';
import { ruleSetOf } from './publish-policy.js';

/** Questions about decisions of the policy. They change no data. */
@AdminController('policy')
export class PolicyQuestionsController {
  constructor(
    private readonly database: Database,
    private readonly policies: Policies,
    private readonly dryRuns: DryRun,
    private readonly explaining: ExplainDecision,
    private readonly previewing: PreviewPolicy,
  ) {}

  @Post('differences')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Compares a rule set with the set in force' })
  @Answers(PolicyDifferencesDto)
  @Refuses({ 422: 'a rule cannot be read' })
  async differences(@Body() { policy }: ComparePolicyDto): Promise<PolicyDifferencesDto> {
    const next = ruleSetOf(policy);
    const { book, now } = await this.policies.read(this.database);
    const present = book.inForce(now)?.set ?? DEFAULT_RULE_SET;
    return {
      lines: [...differencesOf(present, next)],
      loosenings: [...looseningsOf(present, next)],
    };
  }

  @Post('dry-run')
  @Requires(...ROLES)
  @ApiOperation({
    summary: 'Replays past requests under a rule set, and lists each request with another decision',
  })
  @Answers(DryRunDto)
  @Refuses({ 422: 'a rule cannot be read' })
  dryRun(@Body() body: DryRunPolicyDto): Promise<DryRunDto> {
    return this.dryRuns.run(body);
  }

  @Get('decisions/:withdrawal_id')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'The decision on a withdrawal: every rule, its input and its answer' })
  @Answers(PolicyDecisionDto)
  @Refuses({ 404: 'no such hold', 409: 'the hold was placed without a policy' })
  explain(@Param() { withdrawal_id }: WithdrawalEntriesParams): Promise<PolicyDecisionDto> {
    return this.explaining.run(withdrawal_id);
  }

  @Post('preview')
  @Requires(...ROLES, 'service:intake-api')
  @ApiOperation({ summary: 'The decision on a withdrawal that is not requested yet' })
  @Answers(PolicyPreviewDto)
  @Refuses({ 422: 'the withdrawal cannot be read' })
  preview(@Body() body: PreviewPolicyDto): Promise<PolicyPreviewDto> {
    return this.previewing.run(body);
  }
}
