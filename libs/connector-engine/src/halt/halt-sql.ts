/** True while nothing may be sent. Part of every statement that claims something to send, so that it applies to all instances at once. */
export const HALTED = 'EXISTS (SELECT FROM halt h WHERE h.lifted_at IS NULL)';

const HALT_COLUMNS =
  'id::text, scope, asset, account_id, reason, subject, details, opened_at, opened_by, lifted_at, lifted_by, lift_evidence';

export const OPEN_HALTS = `
  INSERT INTO halt (reason, subject, details, opened_by)
  SELECT DISTINCT ON (reason, subject) reason, subject, details, opened_by
    FROM json_to_recordset($1::json) AS given(reason text, subject text, details text, opened_by text)
  ON CONFLICT (reason, subject) DO NOTHING
  RETURNING ${HALT_COLUMNS}`;

/** Those in force first, then the lifted ones, each the newest first. */
export const LIST_HALTS = `SELECT ${HALT_COLUMNS} FROM halt ORDER BY lifted_at IS NOT NULL, id DESC LIMIT 200`;

export const IN_FORCE = `SELECT ${HALT_COLUMNS} FROM halt WHERE lifted_at IS NULL ORDER BY id`;

export const HALT_BY_ID = `SELECT ${HALT_COLUMNS} FROM halt WHERE id = $1 FOR UPDATE`;

export const LIFT = `
  UPDATE halt SET lifted_at = clock_timestamp(), lifted_by = $2, lift_evidence = $3 WHERE id = $1 AND lifted_at IS NULL
  RETURNING ${HALT_COLUMNS}`;
