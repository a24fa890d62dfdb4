import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  type AwaitedDto,
  type Caller,
  CallerOf,
  ComparePolicyDto,
  DryRunDto,
  DryRunPolicyDto,
  MayAwait,
  PolicyDecisionDto,
  PolicyDifferencesDto,
  PolicyPreviewDto,
  PolicyPriceDto,
  PolicyUseDto,
  PolicyUseQuery,
  PolicyVersionDto,
  PreviewPolicyDto,
  PublishPolicyDto,
  ReadOften,
  Refuses,
  Requires,
  ROLES,
  SetPolicyPriceDto,
  WithdrawalEntriesParams,
} from '@sluice/http-api';
import { DEFAULT_RULE_SET, differencesOf, looseningsOf } from '@sluice/policy-core';
import { Database } from '@sluice/postgres';
import { DryRun } from './dry-run.js';
import { policyUse } from './policy-use.js';
import { ExplainDecision, PreviewPolicy } from './explain-decision.js';
import { Policies } from './policies.js';
import { PublishPolicy, ruleSetOf, versionViews } from './publish-policy.js';
import { SetPrice } from './set-price.js';

/** Publishing of rule sets, and reference prices. */
@AdminController('policy')
export class PolicyController {
  constructor(
    private readonly database: Database,
    private readonly policies: Policies,
    private readonly publishing: PublishPolicy,
    private readonly prices: SetPrice,
  ) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Versions of the spending policy, newest first, with their rules' })
  @AnswersList(PolicyVersionDto)
  async policyVersions(): Promise<PolicyVersionDto[]> {
    const { book, now } = await this.policies.read(this.database);
    return versionViews(book, now);
  }

  @Post()
  @Requires('administer', 'approve')
  @ApiOperation({
    summary:
      'Publishes the next version. A tightening takes effect at once, a loosening after the waiting time. Requires two people',
  })
  @Answers(PolicyVersionDto)
  @MayAwait()
  @Refuses({
    409: 'another version was published meanwhile, or the same person repeated the request',
    422: 'a rule cannot be read, or its time zone is unknown',
  })
  async publishPolicy(
    @Body() body: PublishPolicyDto,
    @CallerOf() caller: Caller,
  ): Promise<PolicyVersionDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.publishing.run(body, caller));
  }

  @Get('prices')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'The newest reference price of each asset in EUR' })
  @AnswersList(PolicyPriceDto)
  policyPrices(): Promise<PolicyPriceDto[]> {
    return this.prices.list();
  }

  @Post('prices')
  @Requires('administer', 'approve')
  @ApiOperation({
    summary:
      'States a reference price. A first price, and a price below 80 % of the highest of a day, requires two people',
  })
  @Answers(PolicyPriceDto)
  @MayAwait()
  @Refuses({ 409: 'the same person repeated the request', 422: 'this is no price' })
  async setPolicyPrice(
    @Body() price: SetPolicyPriceDto,
    @CallerOf() caller: Caller,
  ): Promise<PolicyPriceDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.prices.run(price, caller));
  }
}

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
  async comparePolicy(@Body() { policy }: ComparePolicyDto): Promise<PolicyDifferencesDto> {
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
  dryRunPolicy(@Body() body: DryRunPolicyDto): Promise<DryRunDto> {
    return this.dryRuns.run(body);
  }

  @Get('use')
  @Requires(...ROLES)
  @ReadOften()
  @ApiOperation({
    summary:
      'How much of each limit in force is used now: the 20 highest counts of 200 keys, or of 5,000 keys of one rule',
  })
  @Answers(PolicyUseDto)
  @Refuses({ 404: 'no limit in force has this name' })
  async policyUse(@Query() { rule }: PolicyUseQuery): Promise<PolicyUseDto> {
    const { book, now } = await this.policies.read(this.database);
    return policyUse(this.database, book, now, rule);
  }

  @Get('decisions/:withdrawal_id')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'The decision on a withdrawal: every rule, its input and its answer' })
  @Answers(PolicyDecisionDto)
  @Refuses({ 404: 'no such hold' })
  policyDecision(@Param() { withdrawal_id }: WithdrawalEntriesParams): Promise<PolicyDecisionDto> {
    return this.explaining.run(withdrawal_id);
  }

  @Post('preview')
  @Requires(...ROLES, 'service:intake-api')
  @ApiOperation({ summary: 'The decision on a withdrawal that is not requested yet' })
  @Answers(PolicyPreviewDto)
  @Refuses({ 422: 'the withdrawal cannot be read' })
  previewPolicy(@Body() body: PreviewPolicyDto): Promise<PolicyPreviewDto> {
    return this.previewing.run(body);
  }
}
