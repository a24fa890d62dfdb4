const textOf = (time: string): string =>
  `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS_SQL = `id::text, action, target, request, encode(digest, 'hex') AS digest, requested_by, expires_at,
  ${textOf('requested_at')} AS requested_text, ${textOf('expires_at')} AS expires_text, ${textOf('greatest(requested_at, clock_timestamp())')} AS now_text,
  expires_at <= clock_timestamp() AS has_expired, approved_by, voided_by, request_seal`;
const ROW_SQL = `SELECT ${COLUMNS_SQL} FROM approval`;

export const ONE = `${ROW_SQL} WHERE id = $1`;

/** Approved rows with the fields under the seal of the approval, in pages. */
export const APPROVED = `
  SELECT ${COLUMNS_SQL}, approver_roles, ${textOf('approved_at')} AS approved_text, approval_seal FROM approval
   WHERE approval.id > $1 AND approved_at IS NOT NULL ORDER BY approval.id LIMIT 1000`;

export const AWAITED = `${ROW_SQL} WHERE action = $1 AND target = $2 AND approved_at IS NULL AND voided_at IS NULL FOR UPDATE`;

export const INSERT = `
  INSERT INTO approval (action, target, request, digest, requested_by) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT DO NOTHING RETURNING ${COLUMNS_SQL}`;

export const SEAL_REQUEST = `UPDATE approval SET request_seal = $2 WHERE id = $1`;

export const END = {
  approved: `UPDATE approval SET approved_by = $2, approver_roles = $3, approved_at = $4::timestamptz, approval_seal = $5 WHERE id = $1`,
  voided: `UPDATE approval SET voided_by = $2, voided_at = clock_timestamp() WHERE id = $1`,
} as const;

export const LIST = `
  SELECT id::text, action, target, request::json AS request, requested_by, to_json(requested_at) #>> '{}' AS requested_at,
         to_json(expires_at) #>> '{}' AS expires_at, approved_by, to_json(approved_at) #>> '{}' AS approved_at,
         CASE WHEN approved_at IS NOT NULL THEN 'approved' WHEN voided_at IS NOT NULL THEN 'void'
              WHEN expires_at <= clock_timestamp() THEN 'expired' ELSE 'awaited' END AS state
    FROM approval
   ORDER BY approved_at IS NULL AND voided_at IS NULL AND expires_at > clock_timestamp() DESC, approval.id DESC LIMIT 200`;
