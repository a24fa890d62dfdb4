import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, PatternField, TextField, TimeField } from '@sluice/http-api';

/** The path of one halt. */
export class HaltParams {
  @PatternField(/^[1-9]\d{0,17}$/, 'the id of a halt') id!: string;
}

/** Who stops all sending to the venue, and why. */
export class OpenHaltDto {
  @TextField() by!: string;
  @TextField({ max: 900 }) details!: string;
}

/** Who lets the venue be sent to again, and what that rests on. */
export class LiftHaltDto {
  @TextField() by!: string;
  @TextField({ max: 900 }) evidence!: string;
}

/** An order to send nothing at this venue until a person has looked. */
export class HaltDto {
  @ApiProperty() id!: string;
  @ChoiceField(['venue', 'asset', 'account']) scope!: 'venue' | 'asset' | 'account';
  @TextField({}, { optional: true }) asset!: string | null;
  @TextField({}, { optional: true }) account_id!: string | null;
  @ApiProperty() reason!: string;
  /** What it is about: a record of the venue, or a withdrawal with a record of the venue. */
  @ApiProperty() subject!: string;
  @ApiProperty() details!: string;
  @TimeField() opened_at!: string;
  @ApiProperty() opened_by!: string;
  @TimeField({ optional: true }) lifted_at!: string | null;
  @TextField({}, { optional: true }) lifted_by!: string | null;
  @TextField({ max: 1_000 }, { optional: true }) lift_evidence!: string | null;
}

/** A payment in the venue's records that this connector has not sent. */
export class UnclaimedRecordDto {
  @ApiProperty() venue_reference!: string;
  @ApiProperty() form!: string;
  @TextField({}, { optional: true }) client_reference!: string | null;
  @TextField({}, { optional: true }) destination!: string | null;
  /** As the venue writes it, with its currency. */
  @ApiProperty() gross!: string;
  @ApiProperty() venue_status!: string;
  @TimeField() created_at!: string;
  @TimeField() seen_at!: string;
  /** When operators heard of it; null while it may still turn out to be ours. */
  @TimeField({ optional: true }) reported_at!: string | null;
}
