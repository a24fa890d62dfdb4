import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, PatternField, TextField, TimeField } from '../../http/fields.js';

/** Scope of a halt: all, a venue, an asset (`USDT.ETH`), an account, or an API key. */
const HALT_SCOPES = ['all', 'venue', 'asset', 'account', 'key'] as const;
export type HaltScope = (typeof HALT_SCOPES)[number];

/** Path parameters of a halt. */
export class HaltParams {
  @PatternField(/^[1-9]\d{0,17}$/, 'the id of a halt') id!: string;
}

/** Scope and reason of a new halt; the person is taken from the caller's token. */
export class OpenHaltDto {
  @TextField({ max: 900 }) details!: string;
  /** Default: the whole service (a connector's venue, or every request at intake-api). */
  @ChoiceField(HALT_SCOPES, { optional: true }) scope?: HaltScope;
  /** Name of the venue, asset, account or key. */
  @TextField({}, { optional: true }) target?: string;
  /**
   * Name of the operator's request, if sent to several services. A repeated name refers to the same
   * halt.
   */
  @TextField({}, { optional: true }) name?: string;
}

/** Evidence for lifting the halt; two people must send the same text. */
export class LiftHaltDto {
  @TextField({ max: 900 }) evidence!: string;
}

/** Halt: stops all work in the scope until lifted by people. */
export class HaltDto {
  @ApiProperty() id!: string;
  @ChoiceField(HALT_SCOPES) scope!: HaltScope;
  @TextField({}, { optional: true }) target!: string | null;
  @ApiProperty() reason!: string;
  /**
   * Subject: a record of the venue, a withdrawal with a record of the venue, or the name of an
   * operator's request.
   */
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
