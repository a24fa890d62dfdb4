export const OPENED = `
  INSERT INTO audited_opening (account_id) SELECT DISTINCT id FROM unnest($1::uuid[]) AS id ON CONFLICT DO NOTHING`;

/** Adds new movements to the balances. A repeated movement changes nothing. */
export const MOVED = `
  WITH new AS (
    INSERT INTO audited_movement (entry_id, account_id, asset, amount, kind)
    SELECT entry_id, account_id, asset, amount, kind
      FROM json_to_recordset($1::json) AS r(entry_id text, account_id uuid, asset text, amount numeric, kind text)
    ON CONFLICT DO NOTHING RETURNING account_id, asset, amount)
  INSERT INTO audited_account AS a (account_id, asset, balance)
  SELECT account_id, asset, sum(amount) FROM new GROUP BY account_id, asset ORDER BY account_id, asset
  ON CONFLICT (account_id, asset) DO UPDATE SET balance = a.balance + EXCLUDED.balance`;

export const REVERSED = `
  INSERT INTO audited_reversal (entry_id, reversed_entry_id)
  SELECT entry_id, reversed_entry_id FROM unnest($1::text[], $2::text[]) AS r(entry_id, reversed_entry_id)
  ON CONFLICT DO NOTHING`;

/**
 * Applies the reversals whose entry is known. The entry of a transfer may be on another partition,
 * and may be read later than its reversal.
 */
export const APPLY_REVERSALS = `
  WITH due AS (
    SELECT r.id, r.entry_id, m.account_id, m.asset, -m.amount AS amount
      FROM audited_reversal r JOIN audited_movement m ON m.entry_id = r.reversed_entry_id
     WHERE r.applied_at IS NULL),
  new AS (
    INSERT INTO audited_movement (entry_id, account_id, asset, amount, kind)
    SELECT entry_id, account_id, asset, amount, 'reversal' FROM due
    ON CONFLICT DO NOTHING RETURNING account_id, asset, amount),
  applied AS (
    UPDATE audited_reversal SET applied_at = clock_timestamp() WHERE id IN (SELECT id FROM due))
  INSERT INTO audited_account AS a (account_id, asset, balance)
  SELECT account_id, asset, sum(amount) FROM new GROUP BY account_id, asset ORDER BY account_id, asset
  ON CONFLICT (account_id, asset) DO UPDATE SET balance = a.balance + EXCLUDED.balance`;

/** A hold of an account that signs its orders needs a signature: a proof is not enough. */
export const PLACED = `
  WITH new AS (
    INSERT INTO audited_hold (withdrawal_id, account_id, asset, amount, digest, venue, placed_at, requested_by)
    SELECT withdrawal_id, account_id, asset, amount, digest, venue, placed_at,
           CASE WHEN requested_by = 'signature' OR NOT EXISTS (SELECT FROM audited_signer s WHERE s.account_id = r.account_id) THEN requested_by END
      FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, account_id uuid, asset text, amount numeric,
                                            digest text, venue text, placed_at timestamptz, requested_by text)
    ON CONFLICT DO NOTHING RETURNING account_id, asset, amount)
  INSERT INTO audited_account AS a (account_id, asset, held)
  SELECT account_id, asset, sum(amount) FROM new GROUP BY account_id, asset ORDER BY account_id, asset
  ON CONFLICT (account_id, asset) DO UPDATE SET held = a.held + EXCLUDED.held`;

/** Moves holds to their new venue; their orders are compared with the venues again. */
export const ASSIGNED = `
  WITH moved AS (
    UPDATE audited_hold h SET venue = r.venue
      FROM unnest($1::uuid[], $2::text[]) AS r(withdrawal_id, venue)
     WHERE h.withdrawal_id = r.withdrawal_id AND h.venue IS DISTINCT FROM r.venue
    RETURNING h.withdrawal_id)
  INSERT INTO dirty_group (venue, equality_key)
  SELECT DISTINCT o.venue, o.equality_key FROM audited_order o JOIN moved m ON m.withdrawal_id = o.withdrawal_id`;

/** The first end of a hold counts, and its orders are compared with the venues again. */
export const ENDED = `
  WITH ended AS (
    UPDATE audited_hold h SET state = r.state, ended_at = r.ended_at, ended_seen_at = clock_timestamp()
      FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, state text, ended_at timestamptz)
     WHERE h.withdrawal_id = r.withdrawal_id AND h.state = 'placed'
    RETURNING h.withdrawal_id, h.account_id, h.asset, h.amount),
  dirty AS (
    INSERT INTO dirty_group (venue, equality_key)
    SELECT DISTINCT o.venue, o.equality_key FROM audited_order o JOIN ended e ON e.withdrawal_id = o.withdrawal_id)
  INSERT INTO audited_account AS a (account_id, asset, held)
  SELECT account_id, asset, -sum(amount) FROM ended GROUP BY account_id, asset ORDER BY account_id, asset
  ON CONFLICT (account_id, asset) DO UPDATE SET held = a.held + EXCLUDED.held`;

export const OLDEST_FACT = `
  UPDATE audit_progress SET oldest_fact_at = $1 WHERE oldest_fact_at IS NULL OR oldest_fact_at > $1`;
