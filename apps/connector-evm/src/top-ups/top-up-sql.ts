/** What the tank of a network is doing, read under the lock of its lane: $2 the addresses that may get gas. */
export const TOP_UPS_NOW = `
  SELECT w.address, EXISTS (SELECT FROM top_up u WHERE u.network = $1 AND u.to_address = w.address AND u.ended_at IS NULL) AS is_being_filled
    FROM unnest($2::text[]) AS w(address)`;

/** In wei, with the most that each costs beside its amount; what has ended without paying has cost its gas alone. */
export const GIVEN_IN_A_DAY = `
  SELECT coalesce(sum(n.gas_reserve + CASE WHEN u.outcome IS NULL OR u.outcome = 'paid' THEN u.amount ELSE 0 END), 0)::text AS given
    FROM top_up u LEFT JOIN nonce n ON n.network = u.network AND n.address = u.from_address AND n.nonce = u.nonce
   WHERE u.network = $1 AND u.begun_at > clock_timestamp() - interval '24 hours'`;

export const BEGIN_TOP_UPS = `
  INSERT INTO top_up (network, from_address, to_address, amount, nonce)
  SELECT $1, t.from_address, t.to_address, t.amount, t.nonce
    FROM json_to_recordset($2::json) AS t(from_address text, to_address text, amount numeric, nonce bigint)`;

/** Those for which nothing was signed yet: a process may have died between the two. */
export const UNSIGNED_TOP_UPS = `
  SELECT n.address, n.nonce::text, n.recipient, n.amount::text FROM nonce n
   WHERE n.network = $1 AND n.purpose = 'top_up' AND n.state = 'leased'
     AND NOT EXISTS (SELECT FROM transaction t WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce)
   ORDER BY n.nonce`;

/** The signer never signs it: a void takes its place, and ends the top-up when it is final. */
export const GIVE_UP_TOP_UP = `
  UPDATE nonce SET purpose = 'void', amount = 0, recipient = address
   WHERE network = $1 AND address = $2 AND nonce = $3 AND purpose = 'top_up' AND state = 'leased'`;
