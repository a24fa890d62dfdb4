import { ApiProperty } from '@nestjs/swagger';
import { PatternField, TextField, TimeField, UuidField } from '@sluice/http-api';

/** The path of one break. */
export class BreakParams {
  @PatternField(/^[1-9]\d{0,17}$/, 'the id of a break') id!: string;
}

/** What was found out; by whom, the caller's token says. */
export class CloseBreakDto {
  @TextField({ max: 900 }) evidence!: string;
}

/** A difference between what a venue has done and what was asked of it. */
export class BreakDto {
  @ApiProperty() id!: string;
  @ApiProperty() kind!: string;
  /** What it is about: a record of the venue, a withdrawal with its record, or a balance at a moment. */
  @ApiProperty() subject!: string;
  @UuidField({ optional: true }) withdrawal_id!: string | null;
  @ApiProperty() details!: string;
  /** Of the payment: its currency or asset, its amount and its recipient; null where the break is about none, or the record does not say. */
  @TextField({}, { optional: true }) asset!: string | null;
  @TextField({}, { optional: true }) amount!: string | null;
  @TextField({ max: 1_000 }, { optional: true }) recipient!: string | null;
  /** What it has stopped. */
  @ApiProperty() halt_id!: string;
  @TimeField() opened_at!: string;
  @TimeField({ optional: true }) closed_at!: string | null;
  @TextField({}, { optional: true }) closed_by!: string | null;
  @TextField({ max: 1_000 }, { optional: true }) close_evidence!: string | null;
}
