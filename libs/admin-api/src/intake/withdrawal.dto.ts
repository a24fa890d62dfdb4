import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, TextField, TimeField, UuidField, WholeNumberField } from '@sluice/http-api';

/** The states of a withdrawal, in the order in which they come. */
export const WITHDRAWAL_STATES = [
  'requested',
  'submitting',
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
  'capturing',
  'releasing',
  'cancelling',
  'rejected',
  'completed',
  'failed',
  'cancelled',
] as const;
export type WithdrawalState = (typeof WITHDRAWAL_STATES)[number];

const PUBLIC_STATUSES = ['pending', 'broadcasted', 'confirmed', 'failed', 'cancelled'] as const;
const SEQUENCE = { min: 1, max: 1_000_000 };

export class WithdrawalListQuery {
  @TextField({}, { optional: true, description: 'only of this account' }) account_id?: string;
  @ChoiceField(WITHDRAWAL_STATES, { optional: true }) state?: WithdrawalState;
  @WholeNumberField(
    { min: 1, max: 9_999 },
    { optional: true, description: 'at most so many; 50 unless told' },
  )
  limit?: number;
}

/** A withdrawal by its public number or its uuid. What is neither names none, so it is 404 and not 422. */
export class WithdrawalParams {
  @TextField() ref!: string;
}

/** A withdrawal as the list shows it, newest first. */
export class WithdrawalRowDto {
  @UuidField() id!: string;
  @TextField({ max: 16 }, { description: 'its public number' }) number!: string;
  @UuidField() account_id!: string;
  @TextField({}, { optional: true }) client_reference!: string | null;
  @TextField({ max: 32 }) currency!: string;
  @TextField({ max: 32 }) network!: string;
  @TextField() amount!: string;
  @TextField() fee!: string;
  @TextField({ max: 32 }) venue!: string;
  @ChoiceField(WITHDRAWAL_STATES) state!: WithdrawalState;
  @ApiProperty({ type: String, nullable: true }) tx_hash!: string | null;
  @ApiProperty({ type: String, nullable: true }) error_message!: string | null;
  @TimeField() requested_at!: string;
  @TimeField({ optional: true }) confirmed_at!: string | null;
  @ChoiceField(PUBLIC_STATUSES) status!: (typeof PUBLIC_STATUSES)[number];
  @ApiProperty() stage!: string;
}

/** A venue that did not get it. */
export class PassedVenueDto {
  @ApiProperty() venue!: string;
  @ApiProperty() because!: string;
}

/** Which venue was chosen at one step, and why no other. */
export class RoutingDto {
  @WholeNumberField(SEQUENCE) sequence!: number;
  @TimeField() at!: string;
  /** What had happened. */
  @ApiProperty() after!: string;
  /** Null when no venue of the route could take it. */
  @ApiProperty({ type: String, nullable: true }) venue!: string | null;
  /** The request named that venue, and no other was considered. */
  @ApiProperty() named!: boolean;
  @ApiProperty({ type: [PassedVenueDto] }) passed!: readonly PassedVenueDto[];
}

export class WithdrawalStepDto {
  @WholeNumberField(SEQUENCE) sequence!: number;
  @ChoiceField(WITHDRAWAL_STATES, { optional: true }) from!: WithdrawalState | null;
  @ChoiceField(WITHDRAWAL_STATES) to!: WithdrawalState;
  @ApiProperty() trigger!: string;
  @ApiProperty({ type: String, nullable: true }) detail!: string | null;
  @TimeField() at!: string;
}

/** Something about a withdrawal that a person has to look at. */
export class WithdrawalCaseDto {
  /** In which state it was then. */
  @ApiProperty() state!: string;
  @ApiProperty() trigger!: string;
  @ApiProperty({ type: String, nullable: true }) detail!: string | null;
  @TimeField() opened_at!: string;
}

/** All that intake-api knows about one withdrawal. */
export class WithdrawalDto extends WithdrawalRowDto {
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  destination!: Readonly<Record<string, string>>;
  /** The request named its venue. */
  @ApiProperty() pinned!: boolean;
  /** Venues that have refused it. */
  @ApiProperty({ type: [String] }) tried!: readonly string[];
  @WholeNumberField({ min: 1, max: 2_147_483_647 }, { optional: true })
  submit_within_ms!: number | null;
  @ApiProperty({ type: String, nullable: true }) venue_reference!: string | null;
  @TimeField({ optional: true }) expected_at!: string | null;
  @ApiProperty({ type: String, nullable: true }) rejected_reference!: string | null;
  @TimeField({ optional: true }) cancel_requested_at!: string | null;
  @ApiProperty({ type: String, nullable: true }) cancel_requested_by!: string | null;
  @ApiProperty({ type: String, nullable: true }) cancel_refusal!: string | null;
  /** What it waits for, in a sentence; null when it has ended. */
  @ApiProperty({ type: String, nullable: true }) awaits!: string | null;
  /** At your collector of traces; null where it is not traced. */
  @ApiProperty({ type: String, nullable: true }) trace_id!: string | null;
  @ApiProperty({ type: [RoutingDto] }) routing!: readonly RoutingDto[];
  @ApiProperty({ type: [WithdrawalStepDto] }) history!: readonly WithdrawalStepDto[];
  @ApiProperty({ type: [WithdrawalCaseDto] }) cases!: readonly WithdrawalCaseDto[];
}
