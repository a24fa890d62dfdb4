import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation } from '@nestjs/swagger';
import { Answers } from '@sluice/http-api';
import {
  AdmitsWithOrder,
  ArrivedAt,
  Caller,
  RequiresPermission,
  UseOfSignature,
} from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import type { SignatureUse } from '../api-keys/signature-use.js';
import {
  IdempotencyKey,
  idempotencyKeyHeader,
  MarksReplay,
  MayReplay,
  MayWait,
  PreferredWait,
  PreferWait,
  ReplayMark,
} from '../http/idempotency-key.js';
import { MayRefuse, Ours } from '../http/public-error.js';
import { PublicController } from '../api-keys/public-controller.js';
import { requestIsAbout } from '@sluice/runtime/tracing';
import { CancelWithdrawal } from './cancelling/cancel-withdrawal.js';
import { CreateWithdrawalDto, requestOf } from './requests/create-withdrawal.dto.js';
import {
  CANCEL,
  EXAMPLES_OF_REQUEST,
  MAY_REFUSE_A_REQUEST,
  REQUEST,
} from './requests/reference.js';
import { valueOrRefusal } from './answers/refusal-response.js';
import { RequestWithdrawal } from './requests/request-withdrawal.js';
import {
  requireSignedReference,
  Submitted,
  type Submission,
} from './requests/signed-request-of.js';
import { ShowWithdrawal } from './listing/show-withdrawal.js';
import {
  statusShape,
  submissionShape,
  SubmittedWithdrawalDto,
  WithdrawalNumberParams,
  WithdrawalStatusDto,
} from './answers/withdrawal.dto.js';

/**
 * Minimum wait for the venue's answer, even if the client requested no wait: a connector reports
 * immediately whether the venue can stop a withdrawal.
 */
const VENUE_ANSWERS_WITHIN_MS = 1_000;

@PublicController('v1/withdrawals')
export class WithdrawalsController {
  constructor(
    private readonly requestWithdrawal: RequestWithdrawal,
    private readonly showWithdrawal: ShowWithdrawal,
    private readonly cancelWithdrawal: CancelWithdrawal,
  ) {}

  /** A repeat is answered in the shape of GET. */
  @Post()
  @RequiresPermission('withdraw')
  @AdmitsWithOrder()
  @ApiOperation(REQUEST)
  @ApiBody({ type: CreateWithdrawalDto, examples: EXAMPLES_OF_REQUEST })
  @ApiHeader(idempotencyKeyHeader('client_reference'))
  @MayWait()
  @MayReplay()
  @Answers(SubmittedWithdrawalDto, WithdrawalStatusDto)
  @MayRefuse(...MAY_REFUSE_A_REQUEST)
  async create(
    @Body() body: CreateWithdrawalDto,
    @IdempotencyKey('client_reference') idempotencyKey: string | undefined,
    @Submitted() { caller, arrivedAtMs, signedRequest, signatureUse }: Submission,
    @PreferWait() wait: PreferredWait,
    @MarksReplay() replay: ReplayMark,
  ): Promise<SubmittedWithdrawalDto | WithdrawalStatusDto> {
    requireSignedReference(caller, body);
    const waiting = { waitSeconds: wait.grant(), arrivedAtMs, signedRequest, signatureUse };
    const { kind, stored } = valueOrRefusal(
      await this.requestWithdrawal.run(requestOf(body, idempotencyKey), caller, waiting),
    );
    if (kind === 'first') return submissionShape(stored);
    replay.set();
    return statusShape(stored);
  }

  @Get(':withdrawal_id')
  @RequiresPermission('read_withdrawal_status')
  @ApiOperation({ operationId: 'getWithdrawal', summary: 'Get a withdrawal' })
  @Answers(WithdrawalStatusDto)
  @MayRefuse('withdrawal_not_found')
  async show(
    @Param() { withdrawal_id }: WithdrawalNumberParams,
    @Caller() { accountId }: ApiKey,
  ): Promise<WithdrawalStatusDto> {
    const shown = valueOrRefusal(await this.showWithdrawal.run(withdrawal_id, accountId));
    requestIsAbout(shown.withdrawal.order.id);
    return statusShape(shown);
  }

  /** Requests cancellation. The response shows the result. */
  @Delete(':withdrawal_id')
  @RequiresPermission('withdraw')
  @Ours()
  @ApiOperation(CANCEL)
  @MayWait()
  @Answers(WithdrawalStatusDto)
  @MayRefuse('withdrawal_not_found', 'too_late_to_cancel')
  async cancel(
    @Param() { withdrawal_id }: WithdrawalNumberParams,
    @Caller() { accountId, keyId }: ApiKey,
    @PreferWait() wait: PreferredWait,
    @ArrivedAt() arrivedAtMs: number,
    @UseOfSignature() signatureUse: SignatureUse,
  ): Promise<WithdrawalStatusDto> {
    signatureUse.nothingStored();
    const { withdrawal } = valueOrRefusal(await this.showWithdrawal.run(withdrawal_id, accountId));
    requestIsAbout(withdrawal.order.id);
    signatureUse.mayBeStored();
    const waiting = { askedMs: wait.grant() * 1_000, venueMs: VENUE_ANSWERS_WITHIN_MS };
    return statusShape(
      valueOrRefusal(
        await this.cancelWithdrawal.run(withdrawal.order.id, keyId, waiting, arrivedAtMs),
      ),
    );
  }
}
