/**
 * Locks all lanes of a network and purpose in the order of their addresses. The holder is the only
 * leaser of nonces until commit.
 */
export const LOCK_LANES = `
  SELECT address, account_id, next_nonce::text, paused_because FROM lane WHERE network = $1 AND purpose = $2 ORDER BY address FOR UPDATE`;

export const LANES = `
  SELECT address, account_id, next_nonce::text, paused_because FROM lane WHERE network = $1 AND purpose = $2 ORDER BY address`;

/**
 * Top-ups mined up to block $2 of network $1 but not final, deducted from the balances of the
 * receiving wallets.
 */
const UNCONFIRMED_TOP_UPS = `
  SELECT u.to_address, n.asset, sum(u.amount)::text, '0', 0
    FROM top_up u JOIN nonce n ON n.network = u.network AND n.address = u.from_address AND n.nonce = u.nonce
   WHERE u.network = $1 AND u.ended_at IS NULL AND n.purpose = 'top_up' AND n.mined_in <= $2 GROUP BY u.to_address, n.asset`;

/**
 * Amounts not available from the balances of block $2: all transactions in no block or in a later
 * block, and top-ups not yet final.
 */
export const WAITING = `
  SELECT address, asset, sum(amount)::text AS amount, sum(gas_reserve)::text AS gas, (count(*) FILTER (WHERE mined_in IS NULL))::int AS waiting
    FROM nonce WHERE network = $1 AND ((state IN ('leased','released') AND mined_in IS NULL) OR mined_in > $2) GROUP BY address, asset
  UNION ALL ${UNCONFIRMED_TOP_UPS}`;

/** The nonce of each withdrawal, with the first payment signed for the nonce. */
export const OF_WITHDRAWALS = `
  SELECT n.withdrawal_id, n.address, n.nonce::text, n.purpose, n.state, t.hash, t.raw, t.gas_limit::text, t.max_fee::text, t.max_priority_fee::text
    FROM nonce n
    LEFT JOIN LATERAL (
      SELECT t.* FROM transaction t
       WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce AND t.kind = 'payment' ORDER BY t.signed_at LIMIT 1) t ON true
   WHERE n.withdrawal_id = ANY ($1::uuid[])`;

export const LEASED_ALREADY = `SELECT withdrawal_id FROM nonce WHERE withdrawal_id = ANY ($1::uuid[])`;

export const LEASE = `
  INSERT INTO nonce (network, address, nonce, purpose, withdrawal_id, client_reference, asset, decimals, amount, recipient, gas_reserve)
  SELECT $1, w.address, w.nonce, w.purpose, w.withdrawal_id, w.client_reference, w.asset, w.decimals, w.amount, w.recipient, w.gas_reserve
    FROM json_to_recordset($2::json) AS w(address text, nonce bigint, purpose text, withdrawal_id uuid, client_reference text, asset text, decimals smallint, amount numeric,
                                          recipient text, gas_reserve numeric)`;

export const ADVANCE_LANES = `
  UPDATE lane l SET next_nonce = a.next_nonce FROM json_to_recordset($2::json) AS a(address text, next_nonce bigint)
   WHERE l.network = $1 AND l.address = a.address`;

/**
 * Stores signed bytes before any of them is sent, and raises the nonce's gas reserve to the maximum
 * cost.
 */
export const STORE_SIGNED = `
  WITH s AS (
    SELECT * FROM json_to_recordset($2::json) AS s(hash text, address text, nonce bigint, kind text, raw text, gas_limit numeric, max_fee numeric, max_priority_fee numeric)),
  kept AS (
    INSERT INTO transaction (hash, network, address, nonce, kind, raw, gas_limit, max_fee, max_priority_fee)
    SELECT hash, $1, address, nonce, kind, raw, gas_limit, max_fee, max_priority_fee FROM s ON CONFLICT (hash) DO NOTHING)
  UPDATE nonce n SET gas_reserve = greatest(n.gas_reserve, s.gas_limit * s.max_fee)
    FROM s WHERE n.network = $1 AND n.address = s.address AND n.nonce = s.nonce AND n.gas_reserve < s.gas_limit * s.max_fee`;

export const WALLETS = `
  SELECT l.network, l.address, l.purpose, l.account_id, l.next_nonce::text, l.paused_because,
         coalesce(w.waiting, 0)::int AS waiting, coalesce(w.unconfirmed, 0)::int AS unconfirmed, coalesce(w.under_way, '{}') AS under_way,
         coalesce(w.gas, 0)::text AS gas_under_way, f.head_number::text, f.looked_at
    FROM lane l
    LEFT JOIN chain_follower f ON f.network = l.network
    LEFT JOIN (
      SELECT network, address, sum(waiting) AS waiting, sum(unconfirmed) AS unconfirmed, sum(gas) AS gas,
             json_object_agg(asset, amount::text) FILTER (WHERE amount IS NOT NULL) AS under_way
        FROM (SELECT network, address, asset, count(*) FILTER (WHERE mined_in IS NULL) AS waiting, count(*) FILTER (WHERE mined_in IS NOT NULL) AS unconfirmed,
                     sum(amount) FILTER (WHERE mined_in IS NULL) AS amount, sum(gas_reserve) FILTER (WHERE mined_in IS NULL) AS gas
                FROM nonce WHERE state IN ('leased','released') GROUP BY network, address, asset) a
       GROUP BY network, address) w ON w.network = l.network AND w.address = l.address
   ORDER BY l.network, l.purpose, l.address`;
