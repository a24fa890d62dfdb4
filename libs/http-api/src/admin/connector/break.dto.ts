import { ApiProperty } from '@nestjs/swagger';
import { PatternField, TextField, TimeField, UuidField } from '../../http/fields.js';

/** Path parameters of a break. */
export class BreakParams {
  @PatternField(/^[1-9]\d{0,17}$/, 'the id of a break') id!: string;
}

/** Result of the investigation; the person is taken from the caller's token. */
export class CloseBreakDto {
  @TextField({ max: 900 }) evidence!: string;
}

/** Difference between an order and the venue's execution. */
export class BreakDto {
  @ApiProperty() id!: string;
  @ApiProperty() kind!: string;
  /** Subject: a record of the venue, a withdrawal with the record, or a balance at a moment. */
  @ApiProperty() subject!: string;
  @UuidField({ optional: true }) withdrawal_id!: string | null;
  @ApiProperty() details!: string;
  /**
   * Currency or asset of the payment, followed by amount and recipient. Null if the break concerns
   * no payment, or the record lacks the field.
   */
  @TextField({}, { optional: true }) asset!: string | null;
  @TextField({}, { optional: true }) amount!: string | null;
  @TextField({ max: 1_000 }, { optional: true }) recipient!: string | null;
  /** Halt opened by the break. */
  @ApiProperty() halt_id!: string;
  @TimeField() opened_at!: string;
  @TimeField({ optional: true }) closed_at!: string | null;
  @TextField({}, { optional: true }) closed_by!: string | null;
  @TextField({ max: 1_000 }, { optional: true }) close_evidence!: string | null;
}
