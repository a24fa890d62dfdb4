import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, TextField, TimeField, WholeNumberField } from '../../http/fields.js';
import {
  ShownWithdrawalDto,
  WITHDRAWAL_STATES,
  type WithdrawalState,
} from './withdrawal-record.js';

const SEQUENCE = { min: 1, max: 1_000_000 };

export class WithdrawalListQuery {
  @TextField({}, { optional: true, description: 'only of this account' }) account_id?: string;
  @ChoiceField(WITHDRAWAL_STATES, { optional: true }) state?: WithdrawalState;
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
