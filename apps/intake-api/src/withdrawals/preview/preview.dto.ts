import { ApiProperty } from '@nestjs/swagger';
import { TextField } from '@sluice/http-api';
import type { WireDestination } from '@sluice/kernel';
import { NULLABLE_TEXT, NULLABLE_TIME } from '../answers/withdrawal.dto.js';

/** Expected result of a withdrawal request. */
export class PreviewDto {
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
