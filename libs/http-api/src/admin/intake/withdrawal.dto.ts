import { ApiProperty } from '@nestjs/swagger';
import { lowerCase, upperCase } from '@sluice/kernel';
import {
  ChoiceField,
  ChoicesField,
  PatternField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { ClientReferenceField } from '../../http/text-fields.js';
import {
  ShownWithdrawalDto,
  WITHDRAWAL_STATES,
  type WithdrawalState,
} from './withdrawal-record.js';

const SEQUENCE = { min: 1, max: 1_000_000 };

const CODE = { max: 32 };

/**
 * Filters of the list. A page can have fewer rows than `limit` and a `next_cursor`: then the page has looked at
 * as many withdrawals as one page may, and the next page looks further.
 */
export class WithdrawalListQuery {
  @UuidField({ optional: true, description: 'only of this account' }) account_id?: string;
  @ChoicesField(WITHDRAWAL_STATES, {
    optional: true,
    description: 'only in these states; with venue, currency or network, default: all but rejected',
  })
  state?: readonly WithdrawalState[];
  @TextField(CODE, {
    optional: true,
    read: lowerCase,
    description: 'current venue, or the last venue of an ended withdrawal',
  })
  venue?: string;
  @TextField(CODE, { optional: true, read: upperCase }) currency?: string;
  @TextField(CODE, { optional: true, read: upperCase }) network?: string;
  @ClientReferenceField({ optional: true }) client_reference?: string;
  @TimeField({ optional: true, description: 'requested then or later' }) requested_since?: string;
  @TimeField({ optional: true, description: 'requested before then' }) requested_before?: string;
  @TextField(
    { max: 256 },
    {
      optional: true,
      description:
        'number, UUID, client reference, or address without a memo, by an index; if none has it, transaction hash or reference of the venue, newest withdrawals first',
    },
  )
  q?: string;
  @PatternField(/^\d{1,16}$/, 'the next_cursor of a page', {
    optional: true,
    description: '`next_cursor` of the previous page; omitted for the first page',
  })
  cursor?: string;
  @WholeNumberField(
    { min: 1, max: 9_999 },
    { optional: true, description: 'maximum number of rows; default 50' },
  )
  limit?: number;
}

/**
 * Withdrawal by public number or UUID. Text in another format names no withdrawal: the response is
 * 404, not 422.
 */
export class WithdrawalParams {
  @TextField() ref!: string;
}

/** Venue not chosen for the withdrawal. */
class PassedVenueDto {
  @ApiProperty() venue!: string;
  @ApiProperty() because!: string;
}

/** Venue chosen at a step, with the reasons against other venues. */
class RoutingDto {
  @WholeNumberField(SEQUENCE) sequence!: number;
  @TimeField() at!: string;
  /** Event before the choice. */
  @ApiProperty() after!: string;
  /** Null if no venue of the route could take the withdrawal. */
  @ApiProperty({ type: String, nullable: true }) venue!: string | null;
  /** True if the request named the venue; no other venue was considered. */
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

/** Case about a withdrawal, for review by a person. */
class WithdrawalCaseDto {
  /** State of the withdrawal at the opening of the case. */
  @ApiProperty() state!: string;
  @ApiProperty() trigger!: string;
  @ApiProperty({ type: String, nullable: true }) detail!: string | null;
  @TimeField() opened_at!: string;
}

/** All data of a withdrawal at intake-api. */
export class WithdrawalDto extends ShownWithdrawalDto {
  /** Event awaited, in a sentence; null after the end of the withdrawal. */
  @ApiProperty({ type: String, nullable: true }) awaits!: string | null;
  /** Trace id at your trace collector; null if the withdrawal is not traced. */
  @ApiProperty({ type: String, nullable: true }) trace_id!: string | null;
  @ApiProperty({ type: [RoutingDto] }) routing!: readonly RoutingDto[];
  @ApiProperty({ type: [WithdrawalStepDto] }) history!: readonly WithdrawalStepDto[];
  @ApiProperty({ type: [WithdrawalCaseDto] }) cases!: readonly WithdrawalCaseDto[];
}
