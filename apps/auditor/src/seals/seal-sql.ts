const at = (column: string): string =>
  `to_char(f.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Values under the seal of a finding, beside its number. */
const CONTENT = `ARRAY[f.kind, f.scope, f.target, f.subject, encode(sha256(convert_to(f.evidence::text, 'UTF8')), 'hex'), ${at('fact_at')}, ${at('opened_at')}]::text[]`;

/** Findings that this transaction has opened. */
export const OPENED_NOW = `
  SELECT f.id::text, ${CONTENT} AS content FROM finding f
   WHERE f.open_seal IS NULL AND f.xmin = pg_current_xact_id()::xid ORDER BY f.id`;

export const TAKE_NUMBERS = `UPDATE finding_counter SET last = last + $1 RETURNING last::float8`;

export const KEEP_SEALS = `
  UPDATE finding f SET number = r.number, open_seal = r.seal
    FROM json_to_recordset($1::json) AS r(id bigint, number bigint, seal text) WHERE f.id = r.id`;

/** All findings, and the counter. */
export const SEALED_FINDINGS = `
  SELECT c.last::float8 AS last,
         (SELECT coalesce(json_agg(json_build_object('id', f.id::text, 'number', f.number, 'content', ${CONTENT}, 'seal', f.open_seal) ORDER BY f.id), '[]')
            FROM finding f) AS findings
    FROM finding_counter c`;

export const OPEN_ALTERED = `
  INSERT INTO finding (kind, scope, subject, evidence, fact_at)
  SELECT 'finding_altered', 'all', subject, evidence, clock_timestamp()
    FROM json_to_recordset($1::json) AS r(subject text, evidence json)
  ON CONFLICT DO NOTHING`;

/** Channel on which instances learn of opened and closed findings. */
export const FINDINGS_CHANNEL = 'audit_findings';

/** Part of the transaction that opens or closes a finding: other instances learn of the commit. */
export const NOTIFY_FINDINGS = `SELECT pg_notify('${FINDINGS_CHANNEL}', '')`;
