import { randomUUIDv7 } from 'node:crypto';
import { Body, Inject, Injectable, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProperty } from '@nestjs/swagger';
import { Answers, type PolicyPreviewDto, type PreviewPolicyDto, TextField } from '@sluice/http-api';
import {
  Amount,
  currencyOf,
  networkOf,
  ok,
  recipientText,
  refuse,
  type Result,
  wireDestination,
  type WireDestination,
} from '@sluice/kernel';
import { Database, forAllAccounts } from '@sluice/postgres';
import {
  isSameRequest,
  type PricedOrder,
  PUBLIC_VIEW,
  type State,
  totalOf,
  type WithdrawalRequest,
} from '@sluice/withdrawal-core';
import {
  ArrivedAt,
  Caller,
  RequiresPermission,
  UseOfSignature,
} from '../../api-keys/authenticated-request.js';
import type { ApiKey } from '../../api-keys/key-store.js';
import { PublicController } from '../../api-keys/public-controller.js';
import type { SignatureUse } from '../../api-keys/signature-use.js';
import { LOOK_UP_WITHIN_MS, remainingMs, withDeadline } from '../../http/deadline.js';
import { IdempotencyKey, idempotencyKeyHeader } from '../../http/idempotency-key.js';
import { MayRefuse, Ours } from '../../http/public-error.js';
import { restTime } from '../../http/rest-time.js';
import { LedgerClient } from '../../other-services/ledger-client.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import {
  type HoldRefused,
  valueOrRefusal,
  type WithdrawalRefusal,
} from '../answers/refusal-response.js';
import { NULLABLE_TEXT, NULLABLE_TIME } from '../answers/withdrawal.dto.js';
import { CreateWithdrawalDto, requestOf } from '../requests/create-withdrawal.dto.js';
import { MAY_REFUSE_A_REQUEST } from '../requests/reference.js';
import { RequestRules } from '../requests/request-rules.js';
import { requireSignedReference } from '../requests/signed-request-of.js';

/** Expected result of a request. `earlier`: the reference has created this withdrawal already. */
type Preview =
  | { readonly kind: 'earlier'; readonly stored: StoredWithdrawal }
  | {
      readonly kind: 'new';
      readonly order: PricedOrder;
      readonly decimals: number;
      /** Expected start in the venue's queue; null without a queue. */
      readonly expectedAt: Date | null;
      /** State in which the request would wait for people; null: none. */
      readonly waitsIn: State | null;
    };

type Refusable<T> = Result<T, WithdrawalRefusal>;

/**
 * `POST /v1/withdrawals/preview`: performs all checks of the real request in the same order, and
 * writes no data and assigns no number. The ledger is queried for balance, signers and spending
 * policy. Only a freeze of the account is not detected before the real request.
 */
@Injectable()
export class PreviewWithdrawal {
  constructor(
    private readonly rules: RequestRules,
    private readonly database: Database,
    @Inject(LedgerClient)
    private readonly ledger: Pick<LedgerClient, 'balances' | 'previewPolicy' | 'signers'>,
  ) {}

  /**
   * Throws DeadlineError if the database is slow, and ServiceAwayError if the ledger is
   * unavailable.
   */
  async run(
    request: WithdrawalRequest,
    caller: ApiKey,
    arrivedAtMs: number,
  ): Promise<Refusable<Preview>> {
    const ruled = await this.rules.apply(request, caller, { id: randomUUIDv7(), arrivedAtMs });
    if (ruled.kind === 'refused') return refuse(ruled.refusal);
    const earlier =
      ruled.kind === 'earlier'
        ? ruled.stored
        : await this.rules.findEarlier(request, caller, arrivedAtMs);
    if (earlier)
      return isSameRequest(earlier.withdrawal.order, request)
        ? ok({ kind: 'earlier', stored: earlier })
        : refuse({ kind: 'reference_reused' });
    if (ruled.kind === 'earlier') return ok(ruled);

    const { order } = ruled.priced;
    const judged = await this.judgeHold(order, caller);
    if (!judged.ok) return judged;
    const looking = this.endOfQueue(order.venue);
    const withinMs = remainingMs(LOOK_UP_WITHIN_MS, arrivedAtMs);
    const expectedAt = await withDeadline(looking, withinMs, 'unavailable');
    const { decimals } = ruled;
    return ok({ kind: 'new', order, decimals, expectedAt, waitsIn: judged.value });
  }

  /**
   * Returns the state in which the hold would wait for people, or null. Refusals have the ledger's
   * order.
   */
  private async judgeHold(order: PricedOrder, caller: ApiKey): Promise<Refusable<State | null>> {
    const asset = { currency: currencyOf(order.asset), network: networkOf(order.asset) };
    const [signers, policy, [balance]] = await Promise.all([
      this.ledger.signers(order.accountId),
      this.ledger.previewPolicy(underPolicy(order)),
      this.ledger.balances(order.accountId, asset),
    ]);
    const signs = signers.some(
      ({ in_force, key_id, public_key }) =>
        in_force && key_id === caller.keyId && public_key === caller.secret,
    );
    if (signers.length > 0 && !(caller.algorithm === 'ed25519' && signs))
      return refuse({ kind: 'hold_refused', reason: 'order_not_signed' });
    const denied = refusalByPolicy(policy);
    if (denied !== null) return refuse(denied);
    const available = Amount.of(balance?.available ?? '0', order.asset);
    return available.lessThan(totalOf(order))
      ? refuse({ kind: 'hold_refused', reason: 'insufficient_funds' })
      : ok(policy.verdict === 'approval' ? 'awaiting_approval' : null);
  }

  /**
   * Returns the expected time of the last queued withdrawal at a venue. Includes all accounts,
   * because accounts share the queue.
   */
  private async endOfQueue(venue: string): Promise<Date | null> {
    const [last] = await forAllAccounts(() =>
      this.database.query<{ at: Date | null }>(END_OF_QUEUE, [venue]),
    );
    return last?.at ?? null;
  }
}

function underPolicy(order: PricedOrder): PreviewPolicyDto {
  return {
    account_id: order.accountId,
    key_id: order.keyId,
    asset: order.asset,
    amount: order.amount.toString(),
    destination: wireDestination(order.destination),
    venue: order.venue,
  };
}

function refusalByPolicy(policy: PolicyPreviewDto): HoldRefused | null {
  if (policy.verdict !== 'deny') return null;
  const { reason, rule, remaining, unit, frees_at: freesAt } = policy;
  const policyRefusal = rule === null ? null : { rule, remaining, unit, freesAt };
  return { kind: 'hold_refused', reason, policyRefusal };
}

/** A queue ends with the youngest. */
const END_OF_QUEUE = `
  SELECT max(expected_at) AS at FROM (SELECT venue, state, expected_at FROM withdrawal ORDER BY number DESC LIMIT 500) AS youngest
   WHERE venue = $1 AND state = 'submitting' AND expected_at > clock_timestamp()`;

/** Expected result of a withdrawal request. */
class PreviewDto {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'number of the withdrawal with the same `client_reference`; null if none exists',
  })
  withdrawal_id!: number | null;
  @TextField() currency!: string;
  @TextField() network!: string;
  @TextField() to_address!: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  destination!: WireDestination;
  @TextField() amount!: string;
  @TextField() fee!: string;
  @TextField({}, { description: 'sum of amount and fee: the reserved amount' }) total!: string;
  @TextField({}, { description: 'first venue of the route for this request' }) venue!: string;
  @ApiProperty({
    ...NULLABLE_TIME,
    description: 'expected time of the submission; null if the venue would submit at once',
  })
  expected_at!: string | null;
  @ApiProperty({
    ...NULLABLE_TEXT,
    enum: ['awaiting_approval'],
    description: '**ours**: the stage in which the request would wait for people; null: none',
  })
  stage!: string | null;
  @ApiProperty(NULLABLE_TEXT) client_reference!: string | null;
}

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
    to_address: recipientText(order),
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
