/**
 * Addresses among $2 excluded from a top-up now. Either a top-up is open, or the last top-up failed
 * within the last hour. A signer that refused a top-up would refuse the next, and each refusal
 * costs the gas of a void.
 */
export const NOT_NOW = `
  SELECT w.address FROM unnest($2::text[]) AS w(address)
   WHERE EXISTS (SELECT FROM top_up u WHERE u.network = $1 AND u.to_address = w.address
                    AND (u.ended_at IS NULL OR (u.outcome <> 'paid' AND u.begun_at > clock_timestamp() - interval '1 hour')))`;

/** In wei, including the maximum gas of each top-up. A failed top-up counts only with gas. */
export const GIVEN_IN_A_DAY = `
  SELECT coalesce(sum(n.gas_reserve + CASE WHEN u.outcome IS NULL OR u.outcome = 'paid' THEN u.amount ELSE 0 END), 0)::text AS given
    FROM top_up u LEFT JOIN nonce n ON n.network = u.network AND n.address = u.from_address AND n.nonce = u.nonce
   WHERE u.network = $1 AND u.begun_at > clock_timestamp() - interval '24 hours'`;

export const BEGIN_TOP_UPS = `
  INSERT INTO top_up (network, from_address, to_address, amount, nonce)
  SELECT $1, t.from_address, t.to_address, t.amount, t.nonce
    FROM json_to_recordset($2::json) AS t(from_address text, to_address text, amount numeric, nonce bigint)`;

/** Top-ups without a signature: a process may have crashed between lease and signature. */
export const UNSIGNED_TOP_UPS = `
  SELECT n.address, n.nonce::text, n.recipient, n.amount::text FROM nonce n
   WHERE n.network = $1 AND n.purpose = 'top_up' AND n.state = 'leased'
     AND NOT EXISTS (SELECT FROM transaction t WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce)
   ORDER BY n.nonce`;

/** The signer never signs them: voids take their places, and end the top-ups when they are final. */
export const GIVE_UP_TOP_UPS = `
  UPDATE nonce n SET purpose = 'void', amount = 0, recipient = n.address
    FROM unnest($2::text[], $3::bigint[]) AS g(address, nonce)
   WHERE n.network = $1 AND n.address = g.address AND n.nonce = g.nonce AND n.purpose = 'top_up' AND n.state = 'leased'`;
