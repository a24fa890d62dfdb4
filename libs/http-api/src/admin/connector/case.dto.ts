import { ApiProperty } from '@nestjs/swagger';
import { TimeField, UuidField } from '../../http/fields.js';

/** Case about a submission, for review by a person. */
export class CaseDto {
  @ApiProperty() id!: string;
  @UuidField() withdrawal_id!: string;
  @ApiProperty() kind!: string;
  @ApiProperty() text!: string;
  @TimeField() opened_at!: string;
}
