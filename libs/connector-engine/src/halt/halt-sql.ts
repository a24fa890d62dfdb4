/** True while nothing may be sent. Part of every statement that claims something to send, so that it applies to all instances at once. */
export const HALTED = 'EXISTS (SELECT FROM halt h WHERE h.lifted_at IS NULL)';

export const OPEN_HALTS = `
  INSERT INTO halt (reason, subject, details, opened_by)
  SELECT DISTINCT ON (reason, subject) reason, subject, details, 'connector'
    FROM json_to_recordset($1::json) AS given(reason text, subject text, details text)
  ON CONFLICT (reason, subject) DO NOTHING
  RETURNING id::text, reason, subject, details`;
