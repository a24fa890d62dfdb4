import { ApiProperty } from '@nestjs/swagger';
import { TextField, TimeField } from '../../http/fields.js';

/** Payment in the venue's records not sent by this connector. */
export class UnclaimedRecordDto {
  @ApiProperty() venue_reference!: string;
  @ApiProperty() form!: string;
  @TextField({}, { optional: true }) client_reference!: string | null;
  @TextField({}, { optional: true }) destination!: string | null;
  /** Amount with currency, in the venue's own format. */
  @ApiProperty() gross!: string;
  @ApiProperty() venue_status!: string;
  @TimeField() created_at!: string;
  @TimeField() seen_at!: string;
  /** Time of the report to operators; null while the record may still prove to be ours. */
  @TimeField({ optional: true }) reported_at!: string | null;
  /** Field and raw value of a row that cannot be read; null for a record. */
  @TextField({}, { optional: true }) unreadable!: string | null;
}
