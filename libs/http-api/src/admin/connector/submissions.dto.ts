import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  DecimalField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { SUBMISSION_STATES, SubmissionDto } from './submission-record.js';

/** Case about a submission, for review by a person. */
export class CaseDto {
  @ApiProperty() id!: string;
  @UuidField() withdrawal_id!: string;
  @ApiProperty() kind!: string;
  @ApiProperty() text!: string;
  @TimeField() opened_at!: string;
}

type Decision = 'paid' | 'absent' | 'returned';

const DECISIONS: readonly Decision[] = ['paid', 'absent', 'returned'];

const COUNT = { min: 0, max: 2_147_483_647 } as const;

export class SubmissionsQuery {
  @ChoiceField(SUBMISSION_STATES, { optional: true }) state?:
    (typeof SUBMISSION_STATES)[number] | null;
  @TextField(
    { max: 256 },
    {
      optional: true,
      description: 'only with this reference of the venue, or this reference of ours at the venue',
    },
  )
  q?: string;
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
  @DecimalField({}, { optional: true, description: 'the amount that came back; default: all' })
  amount?: string | null;
}

export class DecidedDto {
  @ChoiceField(SUBMISSION_STATES) state!: string;
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
  @DecimalField({}, { optional: true }) amount!: string | null;
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
