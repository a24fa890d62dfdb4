import { timingSafeEqual } from 'node:crypto';
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
import { forgedApprovals } from '../approvals/approval-row.js';
import { RecordSeals } from '../seals/record-seals.js';
import { AuditKeys } from '../settings/audit-keys.js';
import {
  type AuditHead,
  type AuditRow,
  BEFORE_THE_FIRST,
  contentOf,
  ROW_COLUMNS_SQL,
} from './audit-entry.js';

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
  async auditEntries(@Query() query: AuditQuery): Promise<PageOf<AuditEntryDto>> {
    const { by = null, since = null, cursor = null, limit = DEFAULT_LIMIT } = query;
    const rows = await this.database.query<AuditEntryDto>(PAGE, [by, since, cursor, limit]);
    const next = rows.length < limit ? null : (rows.at(-1)?.sequence ?? null);
    return new PageOf(rows, next);
  }

  /** Verifies the whole log and all approvals; returns the first altered entry and the forged approvals. */
  @Post('proof')
  @Requires(...ROLES)
  @Answers(AuditProofDto)
  async proveAudit(@Body() { heads }: ProveAuditDto): Promise<AuditProofDto> {
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

/**
 * Result of a chain verification. `broken` is the first altered entry; null if the chain is intact.
 */
interface AuditProof {
  readonly entries: number;
  readonly head: AuditHead;
  readonly broken: { readonly sequence: string; readonly because: string } | null;
}

type StoredAuditRow = AuditRow & { readonly hash: string };

const PROVEN_AT_ONCE = 1_000;
const ENTRIES = `SELECT ${ROW_COLUMNS_SQL}, encode(hash, 'hex') AS hash FROM audit_entry
  WHERE audit_entry.sequence > $1 ORDER BY audit_entry.sequence LIMIT ${PROVEN_AT_ONCE}`;

/**
 * Verifies the whole chain, and compares the chain with heads kept elsewhere. Only the kept heads
 * reveal a truncated end.
 */
async function proveAudit(
  database: Pick<Database, 'query'>,
  keys: AuditKeys,
  kept: readonly AuditHead[],
): Promise<AuditProof> {
  const expected = new Map(kept.map(({ sequence, hash }) => [sequence, hash]));
  let head = BEFORE_THE_FIRST;
  let entries = 0;
  for (;;) {
    const rows = await database.query<StoredAuditRow>(ENTRIES, [head.sequence]);
    for (const row of rows) {
      const because = faultOf(row, head, keys, expected.get(row.sequence));
      if (because !== null) return { entries, head, broken: { sequence: row.sequence, because } };
      head = { sequence: row.sequence, hash: row.hash };
      entries++;
    }
    if (rows.length < PROVEN_AT_ONCE) break;
  }
  const cut = kept.find(({ sequence }) => BigInt(sequence) > BigInt(head.sequence));
  if (!cut) return { entries, head, broken: null };
  const because = `the log ends with ${head.sequence}, and the head of ${cut.sequence} was kept`;
  return { entries, head, broken: { sequence: String(BigInt(head.sequence) + 1n), because } };
}

function faultOf(
  row: StoredAuditRow,
  before: AuditHead,
  keys: AuditKeys,
  kept?: string,
): string | null {
  if (BigInt(row.sequence) !== BigInt(before.sequence) + 1n)
    return `the records between ${before.sequence} and ${row.sequence} are missing`;
  const seal = keys.seal(row.key_id, contentOf(row, before.hash));
  if (seal === null) return `the entry is sealed with ${row.key_id}, an unknown key`;
  if (!timingSafeEqual(seal, Buffer.from(row.hash, 'hex')))
    return 'the hash of the entry does not match the content';
  return kept !== undefined && kept !== row.hash ? `another head of it was kept: ${kept}` : null;
}
