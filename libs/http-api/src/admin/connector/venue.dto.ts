import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  DecimalField,
  TextField,
  TimeField,
  WholeNumberField,
} from '../../http/fields.js';
import { AssetField } from '../ledger/ledger-fields.js';

/** Balance at the venue, in a currency or in an asset of our own wallet. */
class VenueBalanceDto {
  @TextField({ max: 65 }) currency!: string;
  @DecimalField() total!: string;
  /** Balance without the payments that may have left. */
  @DecimalField() expected!: string;
  @TimeField() read_at!: string;
}

/** Ceiling of an asset for one span, and the amount that it still allows. */
class VenueLimitDto {
  @AssetField() asset!: string;
  @ChoiceField(['call', 'hour', 'day']) span!: string;
  @DecimalField() limit!: string;
  /** Amount sent in the span; null for a single call. */
  @DecimalField({}, { nullable: true }) sent!: string | null;
  @DecimalField() remaining!: string;
}

/** Endpoint that is not called before a time. */
class VenuePauseDto {
  @ApiProperty() endpoint!: string;
  @ApiProperty() cause!: string;
  @TimeField() until!: string;
}

/** Submissions of one state that have not ended. */
class VenueQueueDto {
  @ApiProperty({ example: 'accepted' }) state!: string;
  @WholeNumberField({ min: 0, max: 1_000_000_000 }) count!: number;
  @TimeField() oldest_at!: string;
}

/** Record of the venue, read for payments of one form. */
class VenueRecordDto {
  @ApiProperty({ example: 'chain' }) form!: string;
  /** Payments up to this time of the venue are read. */
  @TimeField() read_through!: string;
  @TimeField() read_at!: string;
}

/** What a connector knows of its venue now. */
export class VenueDto {
  @ApiProperty() venue!: string;
  /** Newest answer of the venue to this process; null if there was none since its start. */
  @TimeField({ nullable: true }) last_answer_at!: string | null;
  /** Empty if the venue has no balance to compare, or none was read yet. */
  @ApiProperty({ type: [VenueBalanceDto] }) balances!: readonly VenueBalanceDto[];
  @ApiProperty({ type: [VenueLimitDto] }) limits!: readonly VenueLimitDto[];
  @ApiProperty({ type: [VenuePauseDto] }) pauses!: readonly VenuePauseDto[];
  @ApiProperty({ type: [VenueQueueDto] }) queues!: readonly VenueQueueDto[];
  @ApiProperty({ type: [VenueRecordDto] }) records!: readonly VenueRecordDto[];
}
