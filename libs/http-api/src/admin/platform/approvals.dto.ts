import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  NestedListField,
  PatternField,
  TextField,
  TimeField,
  WholeNumberField,
} from '../../http/fields.js';
import { OptionalBody } from '../../http/exact.pipe.js';
import { type Role, ROLES } from '../callers.js';

/** Path parameters of an approval. */
export class ApprovalParams {
  @PatternField(/^[1-9]\d{0,17}$/, 'the id of an approval') id!: string;
}

/** Body of an approval. Clients of the setting CLIENTS_WITHOUT_PASSKEY may leave it out. */
@OptionalBody()
export class ApproveDto {
  @PatternField(/^[0-9a-f]{64}$/, 'a SHA-256 in hex', {
    optional: true,
    description: 'digest of the request that the person saw; required with a passkey',
  })
  digest?: string | null;
}

/** 202 response: a second person must send the same request. */
export class AwaitedDto {
  @ApiProperty() approval_id!: string;
  @ApiProperty() awaits!: string;
  @TimeField() expires_at!: string;
  @ApiProperty({
    required: false,
    example: 'above_one_person_limit',
    description: 'stable code of the rule that requires a second person',
  })
  code?: string;
  @ApiProperty({
    required: false,
    description: 'the rule with its limit and the observed value, and when the limit frees',
  })
  message?: string;
}

/** Request by a first person, with the exact content. */
export class ApprovalDto {
  @ApiProperty() id!: string;
  @ApiProperty({ example: 'decide submission' }) action!: string;
  @ApiProperty() target!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) request!: object;
  @PatternField(/^[0-9a-f]{64}$/, 'a SHA-256 in hex', {
    description: 'SHA-256 of the action, the target and the request, each on its line',
  })
  digest!: string;
  @ChoiceField(['awaited', 'approved', 'void', 'expired']) state!: string;
  @ApiProperty() requested_by!: string;
  @TextField({}, { nullable: true, description: "credential of the person's passkey" })
  requested_with!: string | null;
  @TimeField() requested_at!: string;
  @TimeField() expires_at!: string;
  @TextField({}, { nullable: true }) approved_by!: string | null;
  @TextField({}, { nullable: true, description: "credential of the person's passkey" })
  approved_with!: string | null;
  @TimeField({ nullable: true }) approved_at!: string | null;
}

export class ApprovedDto {
  @ApiProperty() id!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'what the call answers that was approved',
  })
  result!: object;
}

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
  @ApiProperty({
    description:
      'the plain fields of the body, without secrets; of a call by the console first `browser` with the address of the person’s browser, which the console claims and nothing proves',
  })
  summary!: string;
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

/** Caller, according to the service's check of the credential. */
export class CallerDto {
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ROLES, isArray: true }) roles!: readonly Role[];
  /** True if a decision of two people with this token takes the caller's passkey. */
  @ApiProperty() needs_passkey!: boolean;
}
