import { Body, Get, Param, Post } from '@nestjs/common';
import {
  AdminController,
  HaltDto,
  HaltParams,
  LiftHaltDto,
  OpenHaltDto,
  UnclaimedRecordDto,
} from '@sluice/admin-api';
import { Answers, AnswersList, ApiError } from '@sluice/http-api';
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
  @AnswersList(HaltDto)
  async list(): Promise<HaltDto[]> {
    return (await this.halts.list()).map(asWritten<HaltDto>);
  }

  /** Payments in the venue's record that this connector has not sent. */
  @Get('records')
  @AnswersList(UnclaimedRecordDto)
  records(): Promise<UnclaimedRecordDto[]> {
    return this.views.unclaimedRecords();
  }

  @Post()
  @Answers(HaltDto)
  async open(@Body() { by, details }: OpenHaltDto): Promise<HaltDto> {
    return asWritten<HaltDto>(await this.halts.open(by, details));
  }

  @Post(':id/lift')
  @Answers(HaltDto)
  async lift(@Param() { id }: HaltParams, @Body() { by, evidence }: LiftHaltDto): Promise<HaltDto> {
    const lifted = await this.halts.lift(id, by, evidence);
    if (!lifted.ok) throw refusalOf(lifted.refusal);
    this.workers.wake();
    return asWritten<HaltDto>(lifted.value);
  }
}

function refusalOf(refusal: LiftRefusal): ApiError {
  return refusal.kind === 'no_such_halt'
    ? ApiError.notFound('No such halt here')
    : ApiError.conflict(`It was lifted already by ${refusal.halt.lifted_by ?? 'somebody'}`);
}
