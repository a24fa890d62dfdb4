import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  BatchParams,
  type Caller,
  CallerOf,
  DeadLetterDto,
  DeadLetterParams,
  DismissDeadLetterDto,
  DismissedDeadLetterDto,
  ReplayedDeadLetterDto,
  ReadOften,
  Requires,
  ROLES,
  SkipBatchDto,
  SkippedBatchDto,
} from '@sluice/http-api';
import {
  type DeadLetter,
  DeadLetters,
  type SkippedBatch,
  SkippedBatches,
  UnitOfWork,
} from '@sluice/postgres';
import type { ConsumerStatus } from '../metrics/kafka-gauges.js';
import { CONSUMER_STATUS } from '../settings/tokens.js';

@AdminController('dead-letters')
export class DeadLettersController {
  constructor(
    private readonly store: DeadLetters,
    private readonly unitOfWork: UnitOfWork,
    @Inject(CONSUMER_STATUS) private readonly consumer: ConsumerStatus,
  ) {}

  /** Lists waiting dead letters, newest first. */
  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @AnswersList(DeadLetterDto)
  async deadLetters(): Promise<DeadLetterDto[]> {
    return (await this.store.list()).map(shown);
  }

  /** Replays a dead letter in this service under the original message id. */
  @Post(':id/replay')
  @Requires('operate')
  @Answers(ReplayedDeadLetterDto)
  async replayDeadLetter(@Param() { id }: DeadLetterParams): Promise<ReplayedDeadLetterDto> {
    const answer = await this.store.replay(id, this.unitOfWork, (letter) =>
      this.consumer.replay(letter),
    );
    if (answer.kind === 'missing') throw ApiError.notFound('No dead letter waits under this id');
    if (answer.kind === 'failed')
      throw ApiError.conflict(`It still cannot be processed: ${answer.cause}`);
    return { id, replayed: true };
  }

  /** Dismisses a dead letter as not needed. The dead letter is kept with the caller's name. */
  @Post(':id/dismissal')
  @Requires('operate')
  @Answers(DismissedDeadLetterDto)
  async dismissDeadLetter(
    @Param() { id }: DeadLetterParams,
    @Body() { reason }: DismissDeadLetterDto,
    @CallerOf() { name }: Caller,
  ): Promise<DismissedDeadLetterDto> {
    if (!(await this.store.dismiss(id, name, reason)))
      throw ApiError.notFound('No dead letter waits under this id');
    return { id, dismissed_by: name };
  }
}

function shown({ deadLetteredAt, replayedAt, ...letter }: DeadLetter): DeadLetterDto {
  return { ...letter, dead_lettered_at: deadLetteredAt, replayed_at: replayedAt };
}

/**
 * Decisions about corrupt batches. A decision survives restarts and applies to every instance of
 * this service.
 */
@AdminController('kafka')
export class SkippedBatchesController {
  constructor(
    private readonly skipped: SkippedBatches,
    @Inject(CONSUMER_STATUS) private readonly consumer: ConsumerStatus,
  ) {}

  @Get('skipped')
  @Requires(...ROLES)
  @AnswersList(SkippedBatchDto)
  async skippedBatches(): Promise<SkippedBatchDto[]> {
    return (await this.skipped.list()).map(shownBatch);
  }

  /** The first decision about a batch stands. */
  @Post(':topic/:partition/:offset/skip')
  @Requires('operate')
  @Answers(SkippedBatchDto)
  async skipBatch(
    @Param() position: BatchParams,
    @Body() { evidence }: SkipBatchDto,
    @CallerOf() { name: by }: Caller,
  ): Promise<SkippedBatchDto> {
    const { topic } = position;
    if (!this.consumer.corruptBatches().has(topic))
      throw ApiError.notFound(`This service does not read ${topic}`);
    return shownBatch(await this.skipped.decide(position, { by, evidence }));
  }
}

function shownBatch({ decidedAt, skippedAt, ...batch }: SkippedBatch): SkippedBatchDto {
  return { ...batch, decided_at: decidedAt, skipped_at: skippedAt };
}
