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
  CaseDto,
  DecidedDto,
  DecideDto,
  MayAwait,
  ReadOften,
  Requires,
  ROLES,
  SubmissionDto,
  SubmissionHistoryDto,
  SubmissionParams,
  SubmissionsQuery,
  UnclaimedRecordDto,
} from '@sluice/http-api';
import { Approvals } from '@sluice/service-shell';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import {
  DECIDE,
  type Decided,
  type DecisionRefusal,
  Decisions,
  type SubmissionDecision,
} from './decisions.js';
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

  @Get()
  @Requires(...ROLES)
  @AnswersList(SubmissionDto)
  submissions(@Query() { state, q }: SubmissionsQuery): Promise<SubmissionDto[]> {
    return q ? this.views.named(q, state ?? null) : this.views.byState(state ?? null);
  }

  @Get(':withdrawalId')
  @Requires(...ROLES)
  @ReadOften()
  @Answers(SubmissionHistoryDto)
  async submission(@Param() { withdrawalId }: SubmissionParams): Promise<SubmissionHistoryDto> {
    const submission = await this.views.submission(withdrawalId);
    if (!submission) throw ApiError.notFound('No submission of this withdrawal');
    return submission;
  }

  /** Records the outcome of a submission. Takes effect with the same decision of a second person. */
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

function decisionRefusal(refusal: DecisionRefusal): ApiError {
  switch (refusal.kind) {
    case 'no_such_submission':
      return ApiError.notFound('No submission of this withdrawal');
    case 'nothing_to_decide':
      return ApiError.conflict(`It is ${refusal.state}: there is nothing to decide`);
    case 'venue_reference_missing':
      return ApiError.invalid([
        'venue_reference: a decision that it was paid has to name the record of the venue',
      ]);
    case 'amount_not_returnable':
      return ApiError.invalid([`amount: more than zero, and at most the paid ${refusal.paid}`]);
    case 'venue_reference_taken':
      return ApiError.conflict(
        "That record belongs to another withdrawal. Where two have got each other's, each is decided as paid without venue_reference",
      );
    case 'too_early':
      return ApiError.conflict(
        `The venue may still act on the request. Absence can be decided from ${refusal.from.toISOString()} on, by the venue's clock`,
      );
    case 'not_at_venue':
      return ApiError.conflict('The venue does not list that record');
    case 'does_not_fit':
      return ApiError.conflict(
        `That record is not this payment: ${refusal.differences.join('; ')}`,
      );
    case 'listed':
      return ApiError.conflict(
        `The venue lists the payment ${refusal.venueReference} with the terms of this order: decide that it was paid, with this venue_reference`,
      );
    case 'venue_time_unknown':
    case 'venue_not_asked':
      return new ApiError(
        503,
        `The decision is not possible now, because the venue cannot be queried: ${refusal.cause}`,
      );
  }
}

/** Cases for a person to examine, newest first. */
@AdminController('cases')
export class CasesController {
  constructor(private readonly views: SubmissionViews) {}

  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @AnswersList(CaseDto)
  cases(): Promise<CaseDto[]> {
    return this.views.cases();
  }
}

@AdminController('halts/records')
export class UnclaimedRecordsController {
  constructor(private readonly views: SubmissionViews) {}

  /** Lists payments in the venue's records not sent by this connector. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(UnclaimedRecordDto)
  unclaimedRecords(): Promise<UnclaimedRecordDto[]> {
    return this.views.unclaimedRecords();
  }
}
