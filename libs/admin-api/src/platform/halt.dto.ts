import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, PatternField, TextField, TimeField } from '@sluice/http-api';

/** What a halt stops: everything, a venue, an asset such as `USDT.ETH`, an account, or an API key. */
export const HALT_SCOPES = ['all', 'venue', 'asset', 'account', 'key'] as const;
export type HaltScope = (typeof HALT_SCOPES)[number];

/** The path of one halt. */
export class HaltParams {
  @PatternField(/^[1-9]\d{0,17}$/, 'the id of a halt') id!: string;
}

/** What is stopped, and why; by whom, the caller's token says. */
export class OpenHaltDto {
  @TextField({ max: 900 }) details!: string;
  /** Unless said, all of the service: a connector's venue, or every request at intake-api. */
  @ChoiceField(HALT_SCOPES, { optional: true }) scope?: HaltScope;
  /** Which venue, asset, account or key. */
  @TextField({}, { optional: true }) target?: string;
  /** Of the wish, where it is carried to several services: the same name again is the same halt. */
  @TextField({}, { optional: true }) name?: string;
}

/** What it rests on that it may go on: two people say the same. */
export class LiftHaltDto {
  @TextField({ max: 900 }) evidence!: string;
}

/** An order to let nothing of its scope go on until a person has looked. */
export class HaltDto {
  @ApiProperty() id!: string;
  @ChoiceField(HALT_SCOPES) scope!: HaltScope;
  @TextField({}, { optional: true }) target!: string | null;
  @ApiProperty() reason!: string;
  /** What it is about: a record of the venue, a withdrawal with a record of the venue, or the name of an operator's wish. */
  @ApiProperty() subject!: string;
  @ApiProperty() details!: string;
  @TimeField() opened_at!: string;
  @ApiProperty() opened_by!: string;
  @TimeField({ optional: true }) lifted_at!: string | null;
  @TextField({}, { optional: true }) lifted_by!: string | null;
  /** The second person. */
  @TextField({}, { optional: true }) lift_approved_by!: string | null;
  @TextField({ max: 1_000 }, { optional: true }) lift_evidence!: string | null;
}
