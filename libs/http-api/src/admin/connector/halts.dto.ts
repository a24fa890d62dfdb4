import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, PatternField, TextField, TimeField, UuidField } from '../../http/fields.js';
import { ReasonField } from '../ledger/ledger-fields.js';

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

/** Halt of the book. While a halt is not lifted, the ledger books no command from Kafka. */
export class BookHaltDto {
  @ReasonField({ description: 'the invariants that were violated' }) reason!: string;
  @TimeField() opened_at!: string;
  @TimeField({ nullable: true, description: 'null while it is in force' })
  lifted_at!: string | null;
  @TextField({}, { nullable: true }) lifted_by!: string | null;
  @TextField({}, { nullable: true, description: 'the second person' })
  lift_approved_by!: string | null;
  @ReasonField({ nullable: true }) evidence!: string | null;
}

export class LiftBookHaltDto {
  @ReasonField({ description: 'what was found out; kept for good' }) evidence!: string;
}

/** Path parameters of a break. */
export class BreakParams {
  @PatternField(/^[1-9]\d{0,17}$/, 'the id of a break') id!: string;
}

/** Result of the investigation; the person is taken from the caller's token. */
export class CloseBreakDto {
  @TextField({ max: 900 }) evidence!: string;
}

/** Difference between an order and the venue's execution. */
export class BreakDto {
  @ApiProperty() id!: string;
  @ApiProperty() kind!: string;
  /** Subject: a record of the venue, a withdrawal with the record, or a balance at a moment. */
  @ApiProperty() subject!: string;
  @UuidField({ optional: true }) withdrawal_id!: string | null;
  @ApiProperty() details!: string;
  /**
   * Currency or asset of the payment, followed by amount and recipient. Null if the break concerns
   * no payment, or the record lacks the field.
   */
  @TextField({}, { optional: true }) asset!: string | null;
  @TextField({}, { optional: true }) amount!: string | null;
  @TextField({ max: 1_000 }, { optional: true }) recipient!: string | null;
  /** Halt opened by the break. */
  @ApiProperty() halt_id!: string;
  @TimeField() opened_at!: string;
  @TimeField({ optional: true }) closed_at!: string | null;
  @TextField({}, { optional: true }) closed_by!: string | null;
  @TextField({ max: 1_000 }, { optional: true }) close_evidence!: string | null;
}

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

/** Scopes of a finding: everything, a venue, an asset, or an account. */
const FINDING_SCOPES = ['all', 'venue', 'asset', 'account'] as const;

/** Path parameters of a finding. */
export class AuditFindingParams {
  @PatternField(/^[1-9]\d{0,17}$/, 'the id of a finding') id!: string;
}

/** Result of the investigation; two people must send the same text. */
export class CloseAuditFindingDto {
  @TextField({ max: 900 }) reason!: string;
}

/** Difference between the facts of two sources, found by the auditor. */
export class AuditFindingDto {
  @ApiProperty() id!: string;
  @ApiProperty() kind!: string;
  @ChoiceField(FINDING_SCOPES) scope!: (typeof FINDING_SCOPES)[number];
  /** Name of the venue, asset or account; null for `all`. */
  @TextField({}, { optional: true }) target!: string | null;
  /** Subject: at most one finding per kind and subject. */
  @ApiProperty() subject!: string;
  /** True for a condition, for example an unread venue: it ends by itself. */
  @ApiProperty() is_condition!: boolean;
  /** Facts of both sides. */
  @ApiProperty({ type: 'object', additionalProperties: true }) evidence!: Readonly<
    Record<string, unknown>
  >;
  /** Time of the later fact, by its source. */
  @TimeField() fact_at!: string;
  @TimeField() opened_at!: string;
  @TimeField({ optional: true }) closed_at!: string | null;
  @TextField({}, { optional: true }) closed_by!: string | null;
  /** The second person. */
  @TextField({}, { optional: true }) close_approved_by!: string | null;
  @TextField({ max: 1_000 }, { optional: true }) close_reason!: string | null;
}
