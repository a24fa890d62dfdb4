import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  BatchParams,
  type Caller,
  CallerOf,
  Requires,
  ROLES,
  SkipBatchDto,
  SkippedBatchDto,
} from '@sluice/http-api';
import { SkippedBatches, type SkippedBatch } from '@sluice/postgres';
import type { ConsumerStatus } from '../metrics/consumer-status.js';
import { CONSUMER_STATUS } from '../settings/tokens.js';

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
  async list(): Promise<SkippedBatchDto[]> {
    return (await this.skipped.list()).map(shown);
  }

  /** The first decision about a batch stands. */
  @Post(':topic/:partition/:offset/skip')
  @Requires('operate')
  @Answers(SkippedBatchDto)
  async skip(
    @Param() position: BatchParams,
    @Body() { evidence }: SkipBatchDto,
    @CallerOf() { name: by }: Caller,
  ): Promise<SkippedBatchDto> {
    const { topic } = position;
    if (!this.consumer.corruptBatches().has(topic))
      throw ApiError.notFound(`This service does not read ${topic}`);
    return shown(await this.skipped.decide(position, { by, evidence }));
  }
}

function shown({ decidedAt, skippedAt, ...batch }: SkippedBatch): SkippedBatchDto {
  return { ...batch, decided_at: decidedAt, skipped_at: skippedAt };
}
