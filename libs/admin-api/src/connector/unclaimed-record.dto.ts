import { ApiProperty } from '@nestjs/swagger';
import { TextField, TimeField } from '@sluice/http-api';

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
