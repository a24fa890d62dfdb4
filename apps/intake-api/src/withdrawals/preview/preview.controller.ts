import { Body, Post } from '@nestjs/common';
import { currencyOf, networkOf, wireDestination } from '@sluice/kernel';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import { Answers } from '@sluice/http-api';
import { PUBLIC_VIEW, totalOf } from '@sluice/withdrawal-core';
import {
  ArrivedAt,
  Caller,
  RequiresPermission,
  UseOfSignature,
} from '../../api-keys/authenticated-request.js';
import type { ApiKey } from '../../api-keys/key-store.js';
import type { SignatureUse } from '../../api-keys/signature-use.js';
import { IdempotencyKey, idempotencyKeyHeader } from '../../http/idempotency-key.js';
import { MayRefuse, Ours } from '../../http/may-refuse.js';
import { PublicController } from '../../api-keys/public-controller.js';
import { CreateWithdrawalDto, requestOf } from '../requests/create-withdrawal.dto.js';
import { MAY_REFUSE_A_REQUEST } from '../requests/reference.js';
import { valueOrRefusal } from '../answers/refusal-response.js';
import { requireSignedReference } from '../requests/signed-request-of.js';
import { restTime } from '../../http/rest-time.js';
import { recipientOf } from '../answers/withdrawal-view.js';
import { PreviewWithdrawal, type Preview } from './preview-withdrawal.js';
import { PreviewDto } from './preview.dto.js';

@PublicController('v1/withdrawals/preview')
export class PreviewController {
  constructor(private readonly previewWithdrawal: PreviewWithdrawal) {}

  @Post()
  @RequiresPermission('withdraw')
  @Ours()
  @ApiOperation({
    operationId: 'previewWithdrawal',
    summary: 'Preview a withdrawal',
    description:
      'Runs every check of a request and returns the fee and the venue. The refusals are those of the request. Nothing is stored.',
  })
  @ApiHeader(idempotencyKeyHeader('client_reference'))
  @Answers(PreviewDto)
  @MayRefuse(...MAY_REFUSE_A_REQUEST)
  async preview(
    @Body() body: CreateWithdrawalDto,
    @IdempotencyKey('client_reference') idempotencyKey: string | undefined,
    @Caller() caller: ApiKey,
    @ArrivedAt() arrivedAtMs: number,
    @UseOfSignature() signatureUse: SignatureUse,
  ): Promise<PreviewDto> {
    signatureUse.nothingStored(); // a preview only reads
    requireSignedReference(caller, body);
    const request = requestOf(body, idempotencyKey);
    return previewShape(
      valueOrRefusal(await this.previewWithdrawal.run(request, caller, arrivedAtMs)),
    );
  }
}

function previewShape(preview: Preview): PreviewDto {
  const { number, order, decimals, venue, expectedAt, waitsIn } = termsOf(preview);
  return {
    withdrawal_id: number,
    currency: currencyOf(order.asset),
    network: networkOf(order.asset),
    to_address: recipientOf(order),
    destination: wireDestination(order.destination),
    amount: order.amount.toFixed(decimals),
    fee: order.fee.toFixed(decimals),
    total: totalOf(order).toFixed(decimals),
    venue,
    expected_at: restTime(expectedAt),
    stage: waitsIn && PUBLIC_VIEW[waitsIn].stage,
    client_reference: order.clientReference,
  };
}

function termsOf(preview: Preview) {
  if (preview.kind === 'new') return { ...preview, number: null, venue: preview.order.venue };
  const { number, decimals, withdrawal } = preview.stored;
  const { order, venue, expectedAt, state } = withdrawal;
  const waitsIn = state === 'awaiting_approval' ? state : null;
  return { number: Number(number), decimals, order, venue, expectedAt, waitsIn };
}
