import { Body, Get, Param, Post, Query } from '@nestjs/common';
import {
  AdminController,
  DecidedDto,
  DecideDto,
  Requires,
  ROLES,
  SubmissionDto,
  SubmissionHistoryDto,
  SubmissionParams,
  SubmissionsQuery,
} from '@sluice/admin-api';
import { Answers, AnswersList, ApiError } from '@sluice/http-api';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import { decisionRefusal } from './decision-refusal.js';
import { Decisions } from './decisions.js';
import { SubmissionViews } from './submission-views.js';

@AdminController('submissions')
export class SubmissionsController {
  constructor(
    private readonly views: SubmissionViews,
    private readonly decisions: Decisions,
    private readonly workers: SubmissionWorkers,
  ) {}

  /** The newest 200, of one state or of all. */
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

  /** Records what became of it, where the venue's records do not tell. */
  @Post(':withdrawalId/decision')
  @Requires('operate', 'approve')
  @Answers(DecidedDto)
  async decide(
    @Param() { withdrawalId }: SubmissionParams,
    @Body() { decision, evidence, venue_reference, decided_by }: DecideDto,
  ): Promise<DecidedDto> {
    const decided = await this.decisions.decide(withdrawalId, {
      decision,
      evidence,
      venueReference: venue_reference ?? null,
      decidedBy: decided_by ?? null,
    });
    if (!decided.ok) throw decisionRefusal(decided.refusal);
    this.workers.wake();
    const { state, proposedBy } = decided.value;
    return { state, ...(proposedBy !== undefined && { proposed_by: proposedBy }) };
  }
}
