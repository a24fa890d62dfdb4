import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, PatternField, TextField, TimeField } from '../../http/fields.js';

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
