import { Body, Get, Post, Query } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersPage,
  AuditEntryDto,
  AuditProofDto,
  AuditQuery,
  PageOf,
  ProveAuditDto,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { ROW_COLUMNS_SQL } from './audit-entry.js';
import { forgedApprovals } from '../approvals/forged-approvals.js';
import { RecordSeals } from '../seals/record-seals.js';
import { AuditKeys } from '../settings/audit-keys.js';
import { proveAudit } from './prove-audit.js';

const DEFAULT_LIMIT = 100;

const PAGE = `SELECT ${ROW_COLUMNS_SQL}, encode(hash, 'hex') AS hash FROM audit_entry
  WHERE ($1::text IS NULL OR caller_name = $1) AND ($2::timestamptz IS NULL OR audit_entry.at >= $2)
    AND ($3::bigint IS NULL OR audit_entry.sequence < $3)
  ORDER BY audit_entry.sequence DESC LIMIT $4`;

/** Audit log of this service: callers, calls and responses. */
@AdminController('audit')
export class AuditController {
  constructor(
    private readonly database: Database,
    private readonly keys: AuditKeys,
    private readonly seals: RecordSeals,
  ) {}

  /** The newest first. */
  @Get()
  @Requires(...ROLES)
  @AnswersPage(AuditEntryDto)
  async list(@Query() query: AuditQuery): Promise<PageOf<AuditEntryDto>> {
    const { by = null, since = null, cursor = null, limit = DEFAULT_LIMIT } = query;
    const rows = await this.database.query<AuditEntryDto>(PAGE, [by, since, cursor, limit]);
    const next = rows.length < limit ? null : (rows.at(-1)?.sequence ?? null);
    return new PageOf(rows, next);
  }

  /** Verifies the whole log and all approvals; returns the first altered entry and the forged approvals. */
  @Post('proof')
  @Requires(...ROLES)
  @Answers(AuditProofDto)
  async prove(@Body() { heads }: ProveAuditDto): Promise<AuditProofDto> {
    const { entries, head, broken } = await proveAudit(this.database, this.keys, heads ?? []);
    const forged = await forgedApprovals(this.database, this.seals);
    return {
      proven: broken === null && forged.length === 0,
      entries,
      head: entries === 0 ? null : head,
      broken,
      forged_approvals: forged,
    };
  }
}
