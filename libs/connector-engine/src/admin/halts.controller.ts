import { Body, Get, Param, Post } from '@nestjs/common';
import {
  AdminController,
  HaltDto,
  HaltParams,
  LiftHaltDto,
  OpenHaltDto,
  Requires,
  ROLES,
  UnclaimedRecordDto,
} from '@sluice/admin-api';
import { Answers, AnswersList, ApiError } from '@sluice/http-api';
import type { HaltEntity } from '../halt/halt.entity.js';
import { Halts, type LiftRefusal } from '../halt/halts.js';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import { asWritten } from './as-written.js';
import { SubmissionViews } from './submission-views.js';

@AdminController('halts')
export class HaltsController {
  constructor(
    private readonly halts: Halts,
    private readonly views: SubmissionViews,
    private readonly workers: SubmissionWorkers,
  ) {}

  /** Those in force first. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(HaltDto)
  async list(): Promise<HaltDto[]> {
    return (await this.halts.list()).map(haltShape);
  }

  /** Payments in the venue's record that this connector has not sent. */
  @Get('records')
  @Requires(...ROLES)
  @AnswersList(UnclaimedRecordDto)
  records(): Promise<UnclaimedRecordDto[]> {
    return this.views.unclaimedRecords();
  }

  @Post()
  @Requires('operate')
  @Answers(HaltDto)
  async open(@Body() { by, details }: OpenHaltDto): Promise<HaltDto> {
    return haltShape(await this.halts.open(by, details));
  }

  @Post(':id/lift')
  @Requires('operate', 'approve')
  @Answers(HaltDto)
  async lift(@Param() { id }: HaltParams, @Body() { by, evidence }: LiftHaltDto): Promise<HaltDto> {
    const lifted = await this.halts.lift(id, by, evidence);
    if (!lifted.ok) throw refusalOf(lifted.refusal);
    this.workers.wake();
    return haltShape(lifted.value);
  }
}

function refusalOf(refusal: LiftRefusal): ApiError {
  return refusal.kind === 'no_such_halt'
    ? ApiError.notFound('No such halt here')
    : ApiError.conflict(`It was lifted already by ${refusal.halt.liftedBy ?? 'somebody'}`);
}

function haltShape(halt: HaltEntity): HaltDto {
  return asWritten<HaltDto>({
    id: halt.id,
    scope: halt.scope,
    asset: halt.asset,
    account_id: halt.accountId,
    reason: halt.reason,
    subject: halt.subject,
    details: halt.details,
    opened_at: halt.openedAt,
    opened_by: halt.openedBy,
    lifted_at: halt.liftedAt,
    lifted_by: halt.liftedBy,
    lift_evidence: halt.liftEvidence,
  });
}
