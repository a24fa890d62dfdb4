import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  NestedListField,
  PatternField,
  TextField,
  TimeField,
  WholeNumberField,
} from '../../http/fields.js';

const SEQUENCE = /^[1-9]\d{0,17}$/;
const NUMBER = 'the number of an entry';

export class AuditQuery {
  @TextField({}, { optional: true, description: 'only of this caller' }) by?: string;
  @TimeField({ optional: true }) since?: string;
  @WholeNumberField({ min: 1, max: 500 }, { optional: true, description: '100 unless asked' })
  limit?: number;
  @PatternField(SEQUENCE, NUMBER, {
    optional: true,
    description: '`next_cursor` of the page before',
  })
  cursor?: string;
}

/**
 * Admin call in the audit log. A call with changes has two entries: before the call, without a
 * status, and the response.
 */
export class AuditEntryDto {
  @PatternField(SEQUENCE, NUMBER) sequence!: string;
  @ApiProperty() call_id!: string;
  @TimeField() at!: string;
  @ChoiceField(['person', 'service', 'nobody']) caller_kind!: string;
  @ApiProperty() caller_name!: string;
  @ApiProperty({ type: [String] }) caller_roles!: readonly string[];
  @ApiProperty({ description: 'the address that the call came from' }) remote!: string;
  @ApiProperty() method!: string;
  @ApiProperty({ description: 'the template of the path; empty where there is none' })
  route!: string;
  @ApiProperty({ description: 'the path, without the query' }) target!: string;
  @ApiProperty({ description: "SHA-256 of the body's bytes" }) body_digest!: string;
  @ApiProperty({ description: 'the plain fields of the body, without secrets' }) summary!: string;
  @ApiProperty({ type: 'integer', nullable: true }) status!: number | null;
  @ApiProperty({ type: 'string', nullable: true }) refusal!: string | null;
  @ApiProperty() key_id!: string;
  @PatternField(/^[0-9a-f]{64}$/, '64 hexadecimal digits') hash!: string;
}

/** Earlier end of the audit log. If kept elsewhere, this head reveals a truncated log. */
export class AuditHeadDto {
  @PatternField(SEQUENCE, NUMBER) sequence!: string;
  @PatternField(/^[0-9a-f]{64}$/, '64 hexadecimal digits') hash!: string;
}

export class ProveAuditDto {
  @NestedListField(() => AuditHeadDto, { optional: true, description: 'heads that were kept' })
  heads?: readonly AuditHeadDto[];
}

/** First modified entry. */
class BrokenAuditEntryDto {
  @ApiProperty() sequence!: string;
  @ApiProperty() because!: string;
}

export class AuditProofDto {
  @ApiProperty() proven!: boolean;
  @ApiProperty({ type: 'integer' }) entries!: number;
  @ApiProperty({ type: () => AuditHeadDto, nullable: true }) head!: AuditHeadDto | null;
  @ApiProperty({ type: () => BrokenAuditEntryDto, nullable: true })
  broken!: BrokenAuditEntryDto | null;
  /** Approved requests whose request or approval carries no valid seal. */
  @ApiProperty({ type: [String] }) forged_approvals!: string[];
}
