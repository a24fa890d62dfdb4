import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ChoiceField, PatternField, TextField } from '@sluice/http-api';
import type { PublicStatus } from '@sluice/withdrawal-core';
import type { WireDestination } from '@sluice/destination';

export const STATUSES: readonly PublicStatus[] = [
  'pending',
  'broadcasted',
  'confirmed',
  'failed',
  'cancelled',
];
export const NULLABLE_TEXT = { type: String, nullable: true } as const;
export const NULLABLE_TIME = {
  type: String,
  nullable: true,
  example: '2026-05-16T22:00:00+00:00',
} as const;

/** The path of one withdrawal: its public number. */
export class WithdrawalNumberParams {
  @PatternField(/^\d{1,16}$/, 'a valid integer') withdrawal_id!: string;
}

class ProgressDto {
  @ChoiceField(STATUSES) status!: PublicStatus;
  @ApiProperty({ description: 'what is waited for' }) stage!: string;
  @ApiPropertyOptional({ ...NULLABLE_TIME, description: 'while it waits for its turn at a venue' })
  expected_at?: string | null;
}

/** The answer to the first call. */
export class SubmittedWithdrawalDto extends ProgressDto {
  @ApiProperty({ type: 'integer' }) withdrawal_id!: number;
  @ApiProperty(NULLABLE_TEXT) tx_hash!: string | null;
  @TextField() network!: string;
  @TextField() currency!: string;
  @TextField() to_address!: string;
  @TextField() amount_decimal!: string;
  @TextField() fee_decimal!: string;
  @TextField() venue!: string;
}

/** What has become of a request to cancel. */
export class CancelDto {
  @ChoiceField(['requested', 'refused', 'done']) status!: 'requested' | 'refused' | 'done';
  @ApiProperty(NULLABLE_TEXT) message!: string | null;
  @ApiProperty(NULLABLE_TIME) requested_at!: string | null;
}

/** The answer to a replay, to GET and to DELETE. */
export class WithdrawalStatusDto extends ProgressDto {
  @ApiProperty({ type: 'integer' }) id!: number;
  @TextField() currency!: string;
  @TextField() network!: string;
  @TextField() to_address!: string;
  @TextField() amount!: string;
  @TextField() fee!: string;
  @ApiProperty(NULLABLE_TEXT) tx_hash!: string | null;
  @ApiProperty(NULLABLE_TEXT) error_message!: string | null;
  @ApiProperty(NULLABLE_TEXT) error_code!: string | null;
  @ApiProperty(NULLABLE_TIME) requested_at!: string | null;
  @ApiProperty(NULLABLE_TIME) broadcast_at!: string | null;
  @ApiProperty(NULLABLE_TIME) confirmed_at!: string | null;
  @TextField() venue!: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  destination!: WireDestination;
  @ApiProperty(NULLABLE_TEXT) client_reference!: string | null;
  @ApiPropertyOptional({ type: CancelDto }) cancel?: CancelDto;
}
