import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, PatternField, TextField, TimeField } from '../../http/fields.js';

/** Path parameters of an approval. */
export class ApprovalParams {
  @PatternField(/^[1-9]\d{0,17}$/, 'the id of an approval') id!: string;
}

/** 202 response: a second person must send the same request. */
export class AwaitedDto {
  @ApiProperty() approval_id!: string;
  @ApiProperty() awaits!: string;
  @TimeField() expires_at!: string;
  @ApiProperty({
    required: false,
    example: 'above_one_person_limit',
    description: 'stable code of the rule that requires a second person',
  })
  code?: string;
  @ApiProperty({
    required: false,
    description: 'the rule with its limit and the observed value, and when the limit frees',
  })
  message?: string;
}

/** Request by a first person, with the exact content. */
export class ApprovalDto {
  @ApiProperty() id!: string;
  @ApiProperty({ example: 'decide submission' }) action!: string;
  @ApiProperty() target!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) request!: object;
  @ChoiceField(['awaited', 'approved', 'void', 'expired']) state!: string;
  @ApiProperty() requested_by!: string;
  @TimeField() requested_at!: string;
  @TimeField() expires_at!: string;
  @TextField({}, { nullable: true }) approved_by!: string | null;
  @TimeField({ nullable: true }) approved_at!: string | null;
}

export class ApprovedDto {
  @ApiProperty() id!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'what the call answers that was approved',
  })
  result!: object;
}
