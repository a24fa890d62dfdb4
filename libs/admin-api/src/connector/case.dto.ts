import { ApiProperty } from '@nestjs/swagger';
import { TimeField, UuidField } from '@sluice/http-api';

/** Something about a submission that a person has to look into. */
export class CaseDto {
  @ApiProperty() id!: string;
  @UuidField() withdrawal_id!: string;
  @ApiProperty() kind!: string;
  @ApiProperty() text!: string;
  @TimeField() opened_at!: string;
}
