/**
 * Follower lease of a chain, with a higher token per follower. No row while another holds it. $4:
 * true takes it from another owner.
 */
export const TAKE_LEASE = `
  INSERT INTO chain_follower AS f (network, owner, until, token) VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond', 1)
  ON CONFLICT (network) DO UPDATE
    SET owner = EXCLUDED.owner, until = EXCLUDED.until, token = f.token + (f.owner <> EXCLUDED.owner)::int
  WHERE f.owner = EXCLUDED.owner OR f.until < clock_timestamp() OR $4::boolean
  RETURNING token::text`;

/** First statement of each follower transaction. No row if another process follows. */
export const STILL_FOLLOWS = `
  SELECT token FROM chain_follower WHERE network = $1 AND owner = $2 AND token = $3 FOR UPDATE`;

/** Ends the leases of a stopped process, for another to take over at once. */
export const RELEASE_LEASES = `UPDATE chain_follower SET until = clock_timestamp() WHERE owner = $1`;

/** The head of the previous poll, and whether a payment is in a block that is not final. */
export const LAST_HEAD = `SELECT head_number::text AS head FROM chain_follower WHERE network = $1`;
export const PAYMENTS_WAIT = `
  SELECT EXISTS (SELECT FROM nonce n WHERE n.network = $1 AND n.state = 'released' AND n.purpose = 'payment' AND n.mined_in IS NOT NULL) AS wait`;

export const KEEP_HEAD = `
  UPDATE chain_follower SET head_number = $2, head_hash = $3, final_number = $4, base_fee = $5, tip = $6, looked_at = clock_timestamp() WHERE network = $1`;

/** Nonces without a block, oldest first: released ones, and leased ones for voids and top-ups. */
export const OPEN = `
  SELECT n.address, n.nonce::text FROM nonce n
   WHERE n.network = $1 AND n.mined_in IS NULL AND (n.state = 'released' OR (n.state = 'leased' AND n.purpose <> 'payment'))
   ORDER BY n.nonce, n.address LIMIT $2`;

export const MINED_BLOCKS = `
  SELECT DISTINCT t.block_number::text, t.block_hash
    FROM nonce n JOIN transaction t USING (network, address, nonce)
   WHERE n.network = $1 AND n.state = 'released' AND n.mined_in IS NOT NULL AND t.block_number IS NOT NULL`;

export const MINED_IN = `
  SELECT n.address, n.nonce::text FROM nonce n
   WHERE n.network = $1 AND n.state = 'released' AND n.mined_in = ANY ($2::bigint[]) ORDER BY n.nonce, n.address LIMIT $3`;

export const WITH_TRANSACTIONS = `
  SELECT n.address, n.nonce::text, n.purpose, n.state, n.withdrawal_id, n.asset, n.amount::text, n.recipient, n.mined_in::text, n.cancel_asked_at IS NOT NULL AS cancel_asked,
         (s.state IN ('refused','failed')) AS given_back,
         coalesce((SELECT json_agg(json_build_object('hash', t.hash, 'kind', t.kind, 'max_fee', t.max_fee::text, 'max_priority_fee', t.max_priority_fee::text,
                                                     'gas_limit', t.gas_limit::text, 'sent_in', t.sent_in::text, 'is_sent', t.sent_at IS NOT NULL,
                                                     'refused_as', t.refused_as, 'refused_with', t.refused_with, 'refusals', t.refusals,
                                                     'refused_ago_ms', extract(epoch FROM clock_timestamp() - t.refused_at) * 1000) ORDER BY t.signed_at, t.hash)
                     FROM transaction t WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce), '[]') AS transactions
    FROM json_to_recordset($2::json) AS w(address text, nonce bigint)
    JOIN nonce n ON n.network = $1 AND n.address = w.address AND n.nonce = w.nonce
    LEFT JOIN submission s ON s.withdrawal_id = n.withdrawal_id`;

/** Stores the current block of transactions; null if no longer in a block. */
export const STORE_MINED = `
  WITH m AS (
    SELECT * FROM json_to_recordset($2::json) AS m(address text, nonce bigint, hash text, block_number bigint, block_hash text)),
  gone AS (
    UPDATE transaction t SET block_number = NULL, block_hash = NULL, mined_at = NULL
      FROM m WHERE t.network = $1 AND t.address = m.address AND t.nonce = m.nonce AND t.hash IS DISTINCT FROM m.hash AND t.block_number IS NOT NULL AND t.final_at IS NULL),
  there AS (
    UPDATE transaction t
       SET block_number = m.block_number, block_hash = m.block_hash, mined_at = CASE WHEN t.block_hash = m.block_hash THEN t.mined_at ELSE clock_timestamp() END,
           sent_at = coalesce(t.sent_at, clock_timestamp()), sent_in = coalesce(t.sent_in, m.block_number)
      FROM m WHERE t.hash = m.hash AND t.block_hash IS DISTINCT FROM m.block_hash)
  UPDATE nonce n SET mined_in = m.block_number, state = CASE WHEN n.state = 'leased' THEN 'released' ELSE n.state END, released_at = coalesce(n.released_at, clock_timestamp())
    FROM m WHERE n.network = $1 AND n.address = m.address AND n.nonce = m.nonce AND n.mined_in IS DISTINCT FROM m.block_number AND n.state IN ('leased','released')
  RETURNING CASE WHEN m.hash IS NULL OR EXISTS (SELECT FROM transaction t WHERE t.hash = m.hash AND t.kind = 'payment') THEN n.withdrawal_id END AS withdrawal_id, m.hash, m.block_number::text`;

/** Ends nonces with their final transactions. An ended nonce is unchanged and not returned. */
export const STORE_ENDS = `
  WITH e AS (
    SELECT * FROM json_to_recordset($2::json) AS e(address text, nonce bigint, outcome text, hash text, block_number bigint, block_hash text, reverted boolean,
                                                   gas_used numeric, gas_price numeric)),
  n AS (
    UPDATE nonce n
       SET state = CASE WHEN e.outcome = 'dead' THEN 'dead' ELSE 'final' END, outcome = e.outcome, final_at = clock_timestamp(), mined_in = e.block_number,
           released_at = CASE WHEN e.outcome = 'dead' THEN n.released_at ELSE coalesce(n.released_at, clock_timestamp()) END
      FROM e WHERE n.network = $1 AND n.address = e.address AND n.nonce = e.nonce AND n.state IN ('leased','released')
    RETURNING n.address, n.nonce, n.purpose, n.withdrawal_id, n.recipient, n.amount, e.outcome, e.hash, e.block_number, e.block_hash, e.reverted, e.gas_used, e.gas_price),
  others AS (
    UPDATE transaction t SET block_number = NULL, block_hash = NULL, mined_at = NULL
      FROM n WHERE t.network = $1 AND t.address = n.address AND t.nonce = n.nonce AND t.hash IS DISTINCT FROM n.hash AND t.block_number IS NOT NULL),
  t AS (
    UPDATE transaction t
       SET block_number = n.block_number, block_hash = n.block_hash, mined_at = coalesce(t.mined_at, clock_timestamp()), reverted = n.reverted, paid = n.outcome = 'paid',
           gas_used = n.gas_used, effective_gas_price = n.gas_price, final_at = clock_timestamp(), sent_at = coalesce(t.sent_at, clock_timestamp())
      FROM n WHERE t.hash = n.hash
    RETURNING t.hash, t.kind, t.mined_at),
  filled AS (
    UPDATE top_up u SET outcome = n.outcome, ended_at = clock_timestamp()
      FROM n WHERE u.network = $1 AND u.from_address = n.address AND u.nonce = n.nonce AND u.ended_at IS NULL)
  SELECT n.address, n.nonce::text, n.purpose, n.withdrawal_id, n.recipient, n.amount::text, n.outcome, n.hash, n.block_number::text, n.gas_used::text, n.gas_price::text,
         t.kind, t.mined_at, l.purpose AS wallet
    FROM n LEFT JOIN t ON t.hash = n.hash JOIN lane l ON l.network = $1 AND l.address = n.address`;

export const PAUSE_LANES = `
  UPDATE lane l SET paused_because = p.because, forgotten_at = clock_timestamp() FROM json_to_recordset($2::json) AS p(address text, because text)
   WHERE l.network = $1 AND l.address = p.address AND l.paused_because IS NULL RETURNING l.address`;

/** Bytes refused since the decision are left out: a submission sends at the same time. */
export const RAW_OF = `
  SELECT hash, raw FROM transaction WHERE hash = ANY ($1) AND (refused_at IS NULL OR refused_at < clock_timestamp() - interval '1 second')`;

/** Records the start of sending: from now on any node may have the transactions. */
export const NOTE_SENDING = `
  WITH s AS (SELECT unnest($2::text[]) AS hash),
  t AS (
    UPDATE transaction t SET sent_in = coalesce(t.sent_in, $3::bigint) FROM s WHERE t.hash = s.hash RETURNING t.address, t.nonce)
  UPDATE nonce n SET state = 'released', released_at = clock_timestamp()
    FROM t WHERE n.network = $1 AND n.address = t.address AND n.nonce = t.nonce AND n.state = 'leased' AND n.purpose <> 'payment'`;

/** Terms of payments to be signed again, from their orders. */
export const TERMS = `
  SELECT s.withdrawal_id, s.account_id, s.asset, s.amount::text, s.fee::text, s.destination, s.client_reference, s.digest, s.signer_receipt
    FROM submission s WHERE s.withdrawal_id = ANY ($1::uuid[])`;

/**
 * Voids nonces of payments no worker will release: the submission ended, or they block released
 * ones. Released nonces stay. Unread or forgotten transactions of the address prevent a void.
 */
export const GIVE_UP = `
  UPDATE nonce n SET purpose = 'void', amount = 0, recipient = n.address, asset = $3, decimals = 18
   WHERE n.network = $1 AND n.state = 'leased' AND n.purpose = 'payment'
     AND EXISTS (SELECT FROM lane l WHERE l.network = n.network AND l.address = n.address AND l.unread_nonce IS NULL)
     AND NOT EXISTS (SELECT FROM forgotten_transaction f WHERE f.network = n.network AND f.address = n.address AND f.nonce = n.nonce)
     AND (NOT EXISTS (SELECT FROM submission s WHERE s.withdrawal_id = n.withdrawal_id AND s.state NOT IN ('refused','settled','failed')
                                                 AND NOT (s.state IN ('unknown','undecided') AND s.cancel_state IS NOT DISTINCT FROM 'wished'))
          OR (n.leased_at < clock_timestamp() - $2 * interval '1 millisecond'
              AND EXISTS (SELECT FROM submission s WHERE s.withdrawal_id = n.withdrawal_id AND s.state = 'prepared' AND NOT s.lookup_first)
              AND EXISTS (SELECT FROM nonce later WHERE later.network = n.network AND later.address = n.address AND later.nonce > n.nonce AND later.state = 'released')))
  RETURNING n.address, n.nonce::text, n.withdrawal_id`;

/** Fills gaps below the next nonce of an address with voids. */
export const FILL_MISSING = `
  INSERT INTO nonce (network, address, nonce, purpose, asset, decimals, amount, recipient)
  SELECT l.network, l.address, missing, 'void', $3, 18, 0, l.address
    FROM json_to_recordset($2::json) AS c(address text, used bigint)
    JOIN lane l ON l.network = $1 AND l.address = c.address AND l.unread_nonce IS NULL,
         generate_series(c.used, least(l.next_nonce - 1, c.used + 500)) AS missing
   WHERE NOT EXISTS (SELECT FROM nonce n WHERE n.network = l.network AND n.address = l.address AND n.nonce = missing)
  ON CONFLICT DO NOTHING
  RETURNING address, nonce::text`;

export const LANE_ADDRESSES = `SELECT address FROM lane WHERE network = $1 ORDER BY address`;
