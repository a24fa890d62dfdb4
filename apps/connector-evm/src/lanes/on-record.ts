/**
 * True if the row `n` of table nonce records the transaction of its nonce. A payment's leased nonce
 * without signed bytes records none: after a restore the chain may have the payment nevertheless.
 */
export const ON_RECORD = `(n.state <> 'leased' OR n.purpose <> 'payment' OR EXISTS (
  SELECT FROM transaction t WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce))`;

/** True if the forgotten transaction `f` has no record other than its own. */
export const ONLY_FORGOTTEN = `NOT EXISTS (
  SELECT FROM nonce n WHERE (n.network, n.address, n.nonce) = (f.network, f.address, f.nonce) AND n.state <> 'dead' AND ${ON_RECORD})`;
