import { ApiProperty } from '@nestjs/swagger';
import { TextField } from '@sluice/http-api';
import type { WireDestination } from '@sluice/destination';
import { NULLABLE_TEXT, NULLABLE_TIME } from '../withdrawal.dto.js';

/** Expected result of a withdrawal request. */
export class PreviewDto {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'the withdrawal that its client_reference has made already; null for none',
  })
  withdrawal_id!: number | null;
  @TextField() currency!: string;
  @TextField() network!: string;
  @TextField() to_address!: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  destination!: WireDestination;
  @TextField() amount!: string;
  @TextField() fee!: string;
  @TextField({}, { description: 'amount and fee: what is reserved' }) total!: string;
  @TextField({}, { description: 'that would get it first' }) venue!: string;
  @ApiProperty({ ...NULLABLE_TIME, description: 'when the venue would begin; null: at once' })
  expected_at!: string | null;
  @ApiProperty(NULLABLE_TEXT) client_reference!: string | null;
}
