import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, TextField } from '@sluice/http-api';
import type { PublicStatus } from '@sluice/withdrawal-core';
import {
  BLOCK_NUMBER,
  CONFIRMATIONS,
  NULLABLE_TEXT,
  NULLABLE_TIME,
  STATUSES,
} from '../withdrawal.dto.js';

/** Step of a withdrawal: time, resulting state and evidence. */
export class TimelineStepDto {
  @ApiProperty(NULLABLE_TIME) at!: string | null;
  @ApiProperty({ description: 'what became known; there may be others' }) event!: string;
  @ChoiceField(STATUSES) status!: PublicStatus;
  @ApiProperty({ description: 'what is waited for from then on' }) stage!: string;
  @TextField({ max: 1_000 }, { description: 'for people; its wording may change' })
  evidence!: string;
  @TextField({}, { description: 'that has it from then on' }) venue!: string;
  @ApiProperty(NULLABLE_TEXT) tx_hash!: string | null;
  @ApiProperty(CONFIRMATIONS) confirmations!: number | null;
  @ApiProperty(BLOCK_NUMBER) block_number!: number | null;
}
