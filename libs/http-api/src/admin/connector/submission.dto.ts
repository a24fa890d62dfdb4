import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  DecimalField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { CaseDto } from './case.dto.js';

const STATES = [
  'prepared',
  'sending',
  'refusing',
  'accepted',
  'unknown',
  'repeating',
  'undecided',
  'disputed',
  'refused',
  'settled',
  'failed',
] as const;

type Decision = 'paid' | 'absent';
const DECISIONS: readonly Decision[] = ['paid', 'absent'];
const COUNT = { min: 0, max: 2_147_483_647 } as const;

export class SubmissionsQuery {
  @ChoiceField(STATES, { optional: true }) state?: (typeof STATES)[number] | null;
}

/** Path parameters of a withdrawal's submission. */
export class SubmissionParams {
  @UuidField() withdrawalId!: string;
}

/** Decision by a person about the result of a submission. */
export class DecideDto {
  @ChoiceField(DECISIONS) decision!: Decision;
  @TextField({ max: 900 }, { description: 'evidence of the decision' }) evidence!: string;
  @TextField({}, { optional: true, description: 'the record of the venue that it was paid by' })
  venue_reference?: string | null;
}

export class DecidedDto {
  @ChoiceField(STATES) state!: string;
}

/** Order and present state of a submission. */
export class SubmissionDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  /** API key of the request; null for orders created before this field existed. */
  @TextField({}, { optional: true }) key_id!: string | null;
  @ApiProperty() form!: string;
  @ApiProperty() asset!: string;
  @DecimalField() amount!: string;
  /** Amount debited by the venue, venue fee included; null before the first attempt. */
  @DecimalField({}, { optional: true }) gross!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true }) destination!: object;
  @ApiProperty() client_reference!: string;
  @ChoiceField(STATES) state!: string;
  @WholeNumberField(COUNT) attempt!: number;
  @WholeNumberField(COUNT) resends!: number;
  @TextField({}, { optional: true }) venue_reference!: string | null;
  @TextField({}, { optional: true }) tx_hash!: string | null;
  @DecimalField({}, { optional: true }) venue_fee!: string | null;
  @TextField({}, { optional: true }) reason!: string | null;
  @TimeField({ optional: true }) not_after!: string | null;
  @ChoiceField(['wished', 'asked', 'refused'], { optional: true }) cancel_state!: string | null;
  @TimeField({ optional: true }) next_action_at!: string | null;
  @TimeField({ optional: true }) submitted_at!: string | null;
  @WholeNumberField(COUNT) empty_lookups!: number;
  /** Venue's clock before the first request was sent; `last_venue_time` before the last request. */
  @TimeField({ optional: true }) venue_time!: string | null;
  @TimeField({ optional: true }) last_venue_time!: string | null;
  @TimeField({ optional: true }) listed_at!: string | null;
  @TimeField({ optional: true }) not_listed_at!: string | null;
  @TimeField() created_at!: string;
  @TimeField({ optional: true }) accepted_at!: string | null;
  @TimeField({ optional: true }) finished_at!: string | null;
  @ApiProperty() lookup_first!: boolean;
  @ApiProperty() unconfirmed!: boolean;
  @ApiProperty() unknown_published!: boolean;
}

/** Request to the venue, with exact bytes and response. */
export class AttemptDto {
  @WholeNumberField(COUNT) number!: number;
  @ApiProperty() state!: string;
  @ApiProperty() client_reference!: string;
  @ApiProperty() request!: string;
  @DecimalField() gross!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) evidence!: object;
  @TimeField() intended_at!: string;
  @TimeField({ optional: true }) answered_at!: string | null;
  @WholeNumberField(COUNT, { optional: true }) response_status!: number | null;
  @TextField({ max: 2_048 }, { optional: true }) response_body!: string | null;
  @TextField({ max: 2_048 }, { optional: true }) cause!: string | null;
}

/** Executed decision. */
export class DecisionDto {
  @WholeNumberField(COUNT) attempt!: number;
  @ApiProperty() from_state!: string;
  @ChoiceField(DECISIONS) decision!: Decision;
  @ApiProperty() evidence!: string;
  @TextField({}, { optional: true }) venue_reference!: string | null;
  @TextField({}, { optional: true }) decided_by!: string | null;
  @TextField({}, { optional: true }) confirmed_by!: string | null;
  @TimeField() decided_at!: string;
}

/** Submission with the full history, and the event awaited. */
export class SubmissionHistoryDto extends SubmissionDto {
  @ApiProperty() awaited!: string;
  @ApiProperty({ type: [AttemptDto] }) attempts!: readonly AttemptDto[];
  @ApiProperty({ type: [CaseDto] }) cases!: readonly CaseDto[];
  @ApiProperty({ type: [DecisionDto] }) decisions!: readonly DecisionDto[];
}
