import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ChoiceField, PatternField } from '@sluice/http-api';
import { REASON_SENTENCES, type PublicStatus } from '@sluice/withdrawal-core';
import { DESTINATION_SCHEMA, type WireDestination } from '@sluice/destination';

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
    'null until it is on the chain. Our own wallet may replace what is stuck: then it is another one, in the end the one that is in a block',
};
export const CONFIRMATIONS = {
  type: 'integer',
  nullable: true,
  description:
    'blocks that it is in, its own among them: they count up while it is broadcasted, and stay as they were when it counted as final; null before it is in a block, and where a venue counts them',
} as const;
export const BLOCK_NUMBER = {
  type: 'integer',
  nullable: true,
  description: 'null until it is in a block, and where a venue does not say it',
} as const;
const ours = <T extends { readonly description: string }>(field: T) => ({
  ...field,
  description: `**ours**: ${field.description}`,
});
const ASSET = { currency: { example: 'USDT' }, network: { example: 'TRX' } };
const ADDRESS = { example: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL' };
const VENUE = { description: '**ours**: the one that has it now', example: 'gateio' };
const NUMBER = { type: 'integer', example: 57212345678913 } as const;
export const NULLABLE_TIME = {
  type: String,
  nullable: true,
  example: '2026-05-16T22:00:00+00:00',
} as const;

/** Path of a withdrawal: the public number. */
export class WithdrawalNumberParams {
  @PatternField(/^\d{1,16}$/, 'a valid integer', { example: '57212345678913' })
  withdrawal_id!: string;
}

class ProgressDto {
  @ChoiceField(STATUSES) status!: PublicStatus;
  @ApiProperty({
    description: '**ours**: what is waited for. New ones may appear; build on `status`',
    example: 'awaiting_venue',
  })
  stage!: string;
  @ApiPropertyOptional({
    ...NULLABLE_TIME,
    description: '**ours**: while it waits for its turn at a venue',
  })
  expected_at?: string | null;
}

/** The answer to the first call. */
export class SubmittedWithdrawalDto extends ProgressDto {
  @ApiProperty({ ...NUMBER, description: 'good for `GET /v1/withdrawals/{withdrawal_id}`' })
  withdrawal_id!: number;
  @ApiProperty(TX_HASH) tx_hash!: string | null;
  @ApiProperty(ASSET.network) network!: string;
  @ApiProperty(ASSET.currency) currency!: string;
  @ApiProperty(ADDRESS) to_address!: string;
  @ApiProperty(DECIMAL) amount_decimal!: string;
  @ApiProperty(FEE) fee_decimal!: string;
  @ApiProperty(VENUE) venue!: string;
}

/** Result of a cancel request. */
export class CancelDto {
  @ChoiceField(['requested', 'refused', 'done']) status!: 'requested' | 'refused' | 'done';
  @ApiProperty({ ...NULLABLE_TEXT, description: 'what it waits for, or why it was refused' })
  message!: string | null;
  @ApiProperty(NULLABLE_TIME) requested_at!: string | null;
}

/** The answer to a replay, to GET and to DELETE. */
export class WithdrawalStatusDto extends ProgressDto {
  @ApiProperty(NUMBER) id!: number;
  @ApiProperty(ASSET.currency) currency!: string;
  @ApiProperty(ASSET.network) network!: string;
  @ApiProperty(ADDRESS) to_address!: string;
  @ApiProperty(DECIMAL) amount!: string;
  @ApiProperty(FEE) fee!: string;
  @ApiProperty(TX_HASH) tx_hash!: string | null;
  @ApiProperty({ ...NULLABLE_TEXT, description: 'the sentence of `error_code`' })
  error_message!: string | null;
  @ApiProperty({
    ...NULLABLE_TEXT,
    description: `**ours**: why it has failed, as a stable code: ${CODES}. Take one that you do not know for \`venue_rejected\``,
  })
  error_code!: string | null;
  @ApiProperty(NULLABLE_TIME) requested_at!: string | null;
  @ApiProperty(NULLABLE_TIME) broadcast_at!: string | null;
  @ApiProperty(NULLABLE_TIME) confirmed_at!: string | null;
  @ApiProperty(ours(CONFIRMATIONS)) confirmations!: number | null;
  @ApiProperty(ours(BLOCK_NUMBER)) block_number!: number | null;
  @ApiProperty(VENUE) venue!: string;
  @ApiProperty({ ...DESTINATION_SCHEMA, description: '**ours**' })
  destination!: WireDestination;
  @ApiProperty({ ...NULLABLE_TEXT, description: '**ours**: as it was given' })
  client_reference!: string | null;
  @ApiPropertyOptional({
    type: CancelDto,
    description: '**ours**: there once it was asked to cancel it',
  })
  cancel?: CancelDto;
}
