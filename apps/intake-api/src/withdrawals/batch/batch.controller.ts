import { Body, Post } from '@nestjs/common';
import { ApiExtraModels, ApiOperation } from '@nestjs/swagger';
import { AnswersList } from '@sluice/http-api';
import { ArrivedAt, Caller, RequiresPermission } from '../../api-keys/authenticated-request.js';
import type { ApiKey } from '../../api-keys/key-store.js';
import { Ours } from '../../http/may-refuse.js';
import { PublicController } from '../../api-keys/public-controller.js';
import { CreateWithdrawalDto } from '../requests/create-withdrawal.dto.js';
import { SubmittedWithdrawalDto, WithdrawalStatusDto } from '../answers/withdrawal.dto.js';
import { BatchDto, BatchResultDto, SignedWithdrawalDto } from './batch.dto.js';
import { RequestBatch } from './request-batch.js';

@PublicController('v1/withdrawals/batch')
export class BatchController {
  constructor(private readonly requestBatch: RequestBatch) {}

  @Post()
  @RequiresPermission('withdraw')
  @Ours()
  @ApiOperation({
    operationId: 'requestWithdrawals',
    summary: 'Request up to 500 withdrawals',
    description:
      'The response is always 200. Each item has its own `status`, `message` and `data`, as the response to a single request. A refused item does not affect the others.',
  })
  @ApiExtraModels(
    CreateWithdrawalDto,
    SignedWithdrawalDto,
    SubmittedWithdrawalDto,
    WithdrawalStatusDto,
  )
  @AnswersList(BatchResultDto)
  create(
    @Body() { withdrawals }: BatchDto,
    @Caller() caller: ApiKey,
    @ArrivedAt() arrivedAtMs: number,
  ): Promise<readonly BatchResultDto[]> {
    return this.requestBatch.run(withdrawals, caller, arrivedAtMs);
  }
}
