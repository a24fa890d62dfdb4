import type { Database } from '@sluice/postgres';
import type { RecordSeals, SealedField } from '../seals/record-seals.js';

export interface ApprovalRow {
  readonly id: string;
  readonly action: string;
  readonly target: string;
  readonly request: string;
  /** In hexadecimal. */
  readonly digest: string;
  readonly requested_by: string;
  /** Credential of the first person's passkey. */
  readonly requested_with: string | null;
  readonly expires_at: Date;
  /** Times as the seal covers them, in microseconds. */
  readonly requested_text: string;
  readonly expires_text: string;
  readonly now_text: string;
  readonly has_expired: boolean;
  readonly approved_by: string | null;
  readonly approved_with: string | null;
  readonly voided_by: string | null;
  readonly request_seal: string | null;
}

export const REQUEST_KIND = 'approval requested';
export const APPROVAL_KIND = 'approval given';

/** Content under the seal of a request. The id prevents the reuse of a seal in another row. */
export function requestContent(row: ApprovalRow): readonly SealedField[] {
  return [
    row.id,
    row.action,
    row.target,
    row.digest,
    row.requested_by,
    row.requested_with,
    row.requested_text,
    row.expires_text,
  ];
}

interface Approver {
  readonly approvedBy: string;
  /** Credential of the second person's passkey. */
  readonly approvedWith: string | null;
  readonly roles: readonly string[];
}

/** Content under the seal of an approval: the request, the second person, the roles and the time. */
export function approvalContent(
  row: ApprovalRow,
  { approvedBy, approvedWith, roles }: Approver,
  approvedAt: string,
): readonly SealedField[] {
  return [...requestContent(row), approvedBy, approvedWith, roles.join(' '), approvedAt];
}

const textOf = (time: string): string =>
  `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS_SQL = `id::text, action, target, request, encode(digest, 'hex') AS digest, requested_by, requested_with, expires_at,
  ${textOf('requested_at')} AS requested_text, ${textOf('expires_at')} AS expires_text, ${textOf('greatest(requested_at, clock_timestamp())')} AS now_text,
  expires_at <= clock_timestamp() AS has_expired, approved_by, approved_with, voided_by, request_seal`;
const ROW_SQL = `SELECT ${COLUMNS_SQL} FROM approval`;

export const ONE = `${ROW_SQL} WHERE id = $1`;

/** Approved rows with the fields under the seal of the approval, in pages. */
const APPROVED = `
  SELECT ${COLUMNS_SQL}, approver_roles, ${textOf('approved_at')} AS approved_text, approval_seal FROM approval
   WHERE approval.id > $1 AND approved_at IS NOT NULL ORDER BY approval.id LIMIT 1000`;

export const AWAITED = `${ROW_SQL} WHERE action = $1 AND target = $2 AND approved_at IS NULL AND voided_at IS NULL FOR UPDATE`;

export const INSERT = `
  INSERT INTO approval (action, target, request, digest, requested_by, requested_with) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT DO NOTHING RETURNING ${COLUMNS_SQL}`;

export const SEAL_REQUEST = `UPDATE approval SET request_seal = $2 WHERE id = $1`;

export const END = {
  approved: `UPDATE approval SET approved_by = $2, approver_roles = $3, approved_at = $4::timestamptz, approval_seal = $5, approved_with = $6 WHERE id = $1`,
  voided: `UPDATE approval SET voided_by = $2, voided_at = clock_timestamp() WHERE id = $1`,
} as const;

export const LIST = `
  SELECT id::text, action, target, request::json AS request, encode(digest, 'hex') AS digest, requested_by, requested_with, to_json(requested_at) #>> '{}' AS requested_at,
         to_json(expires_at) #>> '{}' AS expires_at, approved_by, approved_with, to_json(approved_at) #>> '{}' AS approved_at,
         CASE WHEN approved_at IS NOT NULL THEN 'approved' WHEN voided_at IS NOT NULL THEN 'void'
              WHEN expires_at <= clock_timestamp() THEN 'expired' ELSE 'awaited' END AS state
    FROM approval
   ORDER BY approved_at IS NULL AND voided_at IS NULL AND expires_at > clock_timestamp() DESC, approval.id DESC LIMIT 200`;

interface ApprovedRow extends ApprovalRow {
  readonly approver_roles: readonly string[];
  readonly approved_text: string;
  readonly approval_seal: string | null;
}

/** Returns the ids of approved requests whose request or approval no process of this service has sealed. */
export async function forgedApprovals(
  database: Pick<Database, 'query'>,
  seals: RecordSeals,
): Promise<string[]> {
  const forged: string[] = [];
  let after = '0';
  for (;;) {
    const rows = await database.query<ApprovedRow>(APPROVED, [after]);
    forged.push(...rows.filter((row) => !isSealed(row, seals)).map(({ id }) => id));
    const last = rows.at(-1);
    if (!last) return forged;
    after = last.id;
  }
}

function isSealed(row: ApprovedRow, seals: RecordSeals): boolean {
  const approver = {
    approvedBy: row.approved_by ?? '',
    approvedWith: row.approved_with,
    roles: row.approver_roles,
  };
  const given = approvalContent(row, approver, row.approved_text);
  return (
    seals.isSealed(REQUEST_KIND, requestContent(row), row.request_seal) &&
    seals.isSealed(APPROVAL_KIND, given, row.approval_seal)
  );
}
