import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ChoiceField, PatternField, withTexts, WITHDRAWAL_TIMES } from '@sluice/http-api';
import {
  currencyOf,
  DESTINATION_SCHEMA,
  EXAMPLE_VENUE,
  networkOf,
  recipientText,
  wireDestination,
  type WireDestination,
} from '@sluice/kernel';
import {
  cancelOutcome,
  PUBLIC_VIEW,
  REASON_SENTENCES,
  type PublicStatus,
} from '@sluice/withdrawal-core';
import { restTime, restTimes } from '../../http/rest-time.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';

export const STATUSES: readonly PublicStatus[] = [
  'pending',
  'broadcasted',
  'confirmed',
  'failed',
  'cancelled',
];
const CODES = Object.keys(REASON_SENTENCES)
  .map((code) => `\`${code}\``)
  .join(', ');
export const NULLABLE_TEXT = { type: String, nullable: true } as const;
const DECIMAL = { description: 'decimal text', example: '25.000000' };
const FEE = { description: 'decimal text, on top of the amount', example: '1.025000' };
const TX_HASH = {
  ...NULLABLE_TEXT,
  description:
    'null until the transaction is on the chain. Our own wallet may replace a stuck transaction: the hash then changes, and the last hash is that of the mined transaction',
};
export const CONFIRMATIONS = {
  type: 'integer',
  nullable: true,
  description:
    'number of confirmations, the block of the transaction included. The number grows while the status is `broadcasted` and is fixed at finality; null before the transaction is mined, and for venues that count confirmations themselves',
} as const;
export const BLOCK_NUMBER = {
  type: 'integer',
  nullable: true,
  description: 'null until the transaction is mined, and for venues that do not report the block',
} as const;
const ours = <T extends { readonly description: string }>(field: T) => ({
  ...field,
  description: `**ours**: ${field.description}`,
});
const ASSET = { currency: { example: 'USDT' }, network: { example: 'TRX' } };
const ADDRESS = { example: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL' };
const VENUE = { description: '**ours**: the current venue', example: EXAMPLE_VENUE };
const NUMBER = { type: 'integer', example: 57212345678913 } as const;
export const NULLABLE_TIME = {
  type: String,
  nullable: true,
  example: '2026-05-16T22:00:00+00:00',
} as const;

/** Class with the times named by the keys of a table. */
export function withTimes<B extends object, T extends string>(
  base: new () => B,
  times: Readonly<Record<T, string>>,
) {
  return withTexts(base, Object.keys(times) as T[], ApiProperty(NULLABLE_TIME));
}

/** Path of a withdrawal: the public number. */
export class WithdrawalNumberParams {
  @PatternField(/^\d{1,16}$/, 'a valid integer', { example: '57212345678913' })
  withdrawal_id!: string;
}

class ProgressDto {
  @ChoiceField(STATUSES) status!: PublicStatus;
  @ApiProperty({
    description: '**ours**: the pending step. New values may appear: build on `status`',
    example: 'awaiting_venue',
  })
  stage!: string;
  @ApiPropertyOptional({
    ...NULLABLE_TIME,
    description:
      '**ours**: expected time of the submission while the withdrawal waits in the queue of a venue',
  })
  expected_at?: string | null;
}

/** The answer to the first call. */
export class SubmittedWithdrawalDto extends ProgressDto {
  @ApiProperty({ ...NUMBER, description: 'number for `GET /v1/withdrawals/{withdrawal_id}`' })
  withdrawal_id!: number;
  @ApiProperty(TX_HASH) tx_hash!: string | null;
  @ApiProperty(ASSET.network) network!: string;
  @ApiProperty(ASSET.currency) currency!: string;
  @ApiProperty(ADDRESS) to_address!: string;
  @ApiProperty(DECIMAL) amount_decimal!: string;
  @ApiProperty(FEE) fee_decimal!: string;
  @ApiProperty(VENUE) venue!: string;
}

export function submissionShape({
  number,
  decimals,
  withdrawal,
}: StoredWithdrawal): SubmittedWithdrawalDto {
  const { order } = withdrawal;
  return {
    withdrawal_id: Number(number),
    ...progress(withdrawal),
    tx_hash: withdrawal.txHash,
    network: networkOf(order.asset),
    currency: currencyOf(order.asset),
    to_address: recipientText(order),
    amount_decimal: order.amount.toFixed(decimals),
    fee_decimal: order.fee.toFixed(decimals),
    venue: withdrawal.venue,
  };
}

/** Result of a cancel request. */
class CancelDto {
  @ChoiceField(['requested', 'refused', 'done']) status!: 'requested' | 'refused' | 'done';
  @ApiProperty({
    ...NULLABLE_TEXT,
    description: 'the pending condition, or the reason of the refusal',
  })
  message!: string | null;
  @ApiProperty(NULLABLE_TIME) requested_at!: string | null;
}

class OutcomeDto extends ProgressDto {
  @ApiProperty(NUMBER) id!: number;
  @ApiProperty(ASSET.currency) currency!: string;
  @ApiProperty(ASSET.network) network!: string;
  @ApiProperty(ADDRESS) to_address!: string;
  @ApiProperty(DECIMAL) amount!: string;
  @ApiProperty(FEE) fee!: string;
  @ApiProperty(TX_HASH) tx_hash!: string | null;
  @ApiProperty({
    ...NULLABLE_TEXT,
    description: 'sentence for people that belongs to `error_code`',
  })
  error_message!: string | null;
  @ApiProperty({
    ...NULLABLE_TEXT,
    description: `**ours**: reason of the failure as a stable code: ${CODES}. Treat an unknown code as \`venue_rejected\``,
  })
  error_code!: string | null;
}

/** The answer to a replay, to GET and to DELETE. */
export class WithdrawalStatusDto extends withTimes(OutcomeDto, WITHDRAWAL_TIMES.status) {
  @ApiProperty(ours(CONFIRMATIONS)) confirmations!: number | null;
  @ApiProperty(ours(BLOCK_NUMBER)) block_number!: number | null;
  @ApiProperty({
    ...NULLABLE_TEXT,
    description:
      '**ours**: amount of a confirmed payment that came back and was credited at `returned_at`; null without a return. The fee stays charged',
  })
  returned_amount!: string | null;
  @ApiProperty(VENUE) venue!: string;
  @ApiProperty({ ...DESTINATION_SCHEMA, description: '**ours**' })
  destination!: WireDestination;
  @ApiProperty({ ...NULLABLE_TEXT, description: '**ours**: the reference of the request' })
  client_reference!: string | null;
  @ApiPropertyOptional({
    type: CancelDto,
    description: '**ours**: present after a cancel request',
  })
  cancel?: CancelDto;
}

export function statusShape({
  number,
  decimals,
  withdrawal,
}: StoredWithdrawal): WithdrawalStatusDto {
  const { order } = withdrawal;
  const times = { ...order, ...withdrawal };
  return {
    id: Number(number),
    currency: currencyOf(order.asset),
    network: networkOf(order.asset),
    to_address: recipientText(order),
    amount: order.amount.toFixed(decimals),
    fee: order.fee.toFixed(decimals),
    ...progress(withdrawal),
    tx_hash: withdrawal.txHash,
    ...errorOf(withdrawal),
    ...restTimes(WITHDRAWAL_TIMES.status, (time) => times[time]),
    ...inBlock(withdrawal),
    returned_amount: withdrawal.returnedAmount?.toFixed(decimals) ?? null,
    venue: withdrawal.venue,
    destination: wireDestination(order.destination),
    client_reference: order.clientReference,
    ...cancelShape(withdrawal),
  };
}

function progress(withdrawal: StoredWithdrawal['withdrawal']) {
  return {
    ...PUBLIC_VIEW[withdrawal.state],
    ...(withdrawal.expectedAt !== null && { expected_at: restTime(withdrawal.expectedAt) }),
  };
}

/**
 * Error code and the contract's text for the code. The words of venues and operators are shown only
 * in admin views.
 */
function errorOf({ state, reasonCode }: StoredWithdrawal['withdrawal']) {
  const code = PUBLIC_VIEW[state].status === 'failed' ? reasonCode : null;
  return { error_message: code && REASON_SENTENCES[code], error_code: code };
}

function cancelShape(withdrawal: StoredWithdrawal['withdrawal']) {
  const outcome = cancelOutcome(withdrawal);
  return (
    outcome && {
      cancel: { ...outcome, requested_at: restTime(withdrawal.cancel?.requestedAt ?? null) },
    }
  );
}

/** Position on the chain, as far as reported by the venue. */
export function inBlock({
  confirmations,
  blockNumber,
}: Pick<StoredWithdrawal['withdrawal'], 'confirmations' | 'blockNumber'>) {
  return { confirmations, block_number: blockNumber === null ? null : Number(blockNumber) };
}
