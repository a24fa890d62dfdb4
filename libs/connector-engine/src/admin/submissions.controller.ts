import { Body, Get, Param, Post, Query } from '@nestjs/common';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  type AwaitedDto,
  type Caller,
  CallerOf,
  DecidedDto,
  DecideDto,
  MayAwait,
  Requires,
  ROLES,
  SubmissionDto,
  SubmissionHistoryDto,
  SubmissionParams,
  SubmissionsQuery,
} from '@sluice/http-api';
import { Approvals } from '@sluice/service-shell';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import { decisionRefusal } from './decision-refusal.js';
import { DECIDE, Decisions, type Decided, type SubmissionDecision } from './decisions.js';
import { SubmissionViews } from './submission-views.js';

@AdminController('submissions')
export class SubmissionsController {
  constructor(
    private readonly views: SubmissionViews,
    private readonly decisions: Decisions,
    private readonly workers: SubmissionWorkers,
    approvals: Approvals,
  ) {
    approvals.register(DECIDE, (withdrawalId, request, caller) =>
      this.carryOut(withdrawalId, request as SubmissionDecision, caller),
    );
  }

  /** Lists the newest 200 submissions, optionally filtered by state. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(SubmissionDto)
  list(@Query() { state }: SubmissionsQuery): Promise<SubmissionDto[]> {
    return this.views.byState(state ?? null);
  }

  @Get(':withdrawalId')
  @Requires(...ROLES)
  @Answers(SubmissionHistoryDto)
  async show(@Param() { withdrawalId }: SubmissionParams): Promise<SubmissionHistoryDto> {
    const submission = await this.views.submission(withdrawalId);
    if (!submission) throw ApiError.notFound('No submission of this withdrawal');
    return submission;
  }

  /**
   * Records the outcome of a submission where the venue's records show none. Takes effect when a
   * second person makes the same decision.
   */
  @Post(':withdrawalId/decision')
  @Requires('operate', 'approve')
  @Answers(DecidedDto)
  @MayAwait()
  async decide(
    @Param() { withdrawalId }: SubmissionParams,
    @Body() { decision, evidence, venue_reference, amount }: DecideDto,
    @CallerOf() caller: Caller,
  ): Promise<DecidedDto | Accepted<AwaitedDto>> {
    const venueReference = venue_reference ?? null;
    const given = { decision, evidence, venueReference, amount: amount ?? null };
    return acceptedWhenAwaited(await this.carryOut(withdrawalId, given, caller));
  }

  private async carryOut(
    withdrawalId: string,
    { decision, evidence, venueReference, amount }: SubmissionDecision,
    caller: Caller,
  ): Promise<Decided> {
    const given = { decision, evidence, venueReference, amount: amount ?? null };
    const decided = await this.decisions.decide(withdrawalId, given, caller);
    if (!decided.ok) throw decisionRefusal(decided.refusal);
    this.workers.wake();
    return decided.value;
  }
}
