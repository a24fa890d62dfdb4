import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, TextField } from '@sluice/http-api';
import type { PublicStatus } from '@sluice/withdrawal-core';
import {
  BLOCK_NUMBER,
  CONFIRMATIONS,
  NULLABLE_TEXT,
  NULLABLE_TIME,
  STATUSES,
} from '../answers/withdrawal.dto.js';

/** Step of a withdrawal: time, resulting state and evidence. */
export class TimelineStepDto {
  @ApiProperty(NULLABLE_TIME) at!: string | null;
  @ApiProperty({ description: 'fact of the step. New values may appear' }) event!: string;
  @ChoiceField(STATUSES) status!: PublicStatus;
  @ApiProperty({ description: 'pending condition after the step' }) stage!: string;
  @TextField({ max: 1_000 }, { description: 'text for people; the wording may change' })
  evidence!: string;
  @TextField({}, { description: 'venue after the step' }) venue!: string;
  @ApiProperty(NULLABLE_TEXT) tx_hash!: string | null;
  @ApiProperty(CONFIRMATIONS) confirmations!: number | null;
  @ApiProperty(BLOCK_NUMBER) block_number!: number | null;
}
