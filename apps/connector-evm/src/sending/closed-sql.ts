/**
 * If a withdrawal ended twice, for example after a restore of this database, the last end counts.
 */
export const PUT_AWAITING = `
  INSERT INTO awaiting_signer (withdrawal_id, message)
  SELECT * FROM unnest($1::uuid[], $2::jsonb[])
  ON CONFLICT (withdrawal_id) DO UPDATE SET message = excluded.message`;

export const AWAITING = `SELECT withdrawal_id, message FROM awaiting_signer ORDER BY ended_at LIMIT $1`;

/**
 * Deletes and returns the rows; if two instances compete for a row, only a single instance gets the
 * row.
 */
export const TAKE_AWAITING = `DELETE FROM awaiting_signer WHERE withdrawal_id = ANY ($1::uuid[]) RETURNING withdrawal_id, message`;

export const KEEP_STATEMENTS = `
  UPDATE submission s SET nothing_moved = split_part(s.nothing_moved, '~', 1) || '~' || k.statement
    FROM unnest($1::uuid[], $2::text[]) AS k (withdrawal_id, statement)
   WHERE s.withdrawal_id = k.withdrawal_id AND s.nothing_moved IS NOT NULL`;
