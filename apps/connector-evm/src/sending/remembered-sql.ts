import { ON_RECORD } from '../lanes/lanes.js';

const ORDER = `
  SELECT s.withdrawal_id, s.client_reference, s.asset, s.amount::text, s.destination, coalesce(s.ordered_at, s.created_at) AS since FROM submission s`;

/** Orders with a required lookup before sending, and without a record of an earlier send. */
export const ORDERS_WITHOUT_RECORD = `${ORDER}
   WHERE s.state = 'prepared' AND s.lookup_first AND NOT EXISTS (SELECT FROM nonce n WHERE n.withdrawal_id = s.withdrawal_id AND n.state <> 'leased')`;

/** Requests put back by the process that sent them, if their transaction is still missing. */
export const PUT_BACK_REQUESTS = `
  SELECT o.*, a.request FROM (${ORDER}) o JOIN attempt a USING (withdrawal_id)
   WHERE a.put_back_at IS NOT NULL AND NOT EXISTS (SELECT FROM transaction t WHERE t.hash = a.request::jsonb ->> 'hash')`;

export const ORDERS = `${ORDER} WHERE s.withdrawal_id = ANY ($1::uuid[])`;

/**
 * Orders possibly paid by unknown transactions. An order up to a minute older than the detection
 * counts as newer than the restore.
 */
export const FORGOTTEN = `
  SELECT s.withdrawal_id FROM submission s
   WHERE s.withdrawal_id = ANY ($1::uuid[]) AND NOT EXISTS (SELECT FROM nonce n WHERE n.withdrawal_id = s.withdrawal_id AND n.state <> 'leased')
     AND EXISTS (SELECT FROM lane l WHERE l.network = split_part(s.asset, '.', 2) AND l.purpose = 'hot' AND l.forgotten_at > coalesce(s.ordered_at, s.created_at) + interval '1 minute')`;

/** Takes unsigned nonces from their orders if unknown transactions have used them. People decide. */
export const DETACH_FORGOTTEN = `
  UPDATE nonce n SET purpose = 'void', withdrawal_id = NULL, client_reference = NULL, amount = 0, recipient = n.address,
         state = 'dead', outcome = 'dead', final_at = clock_timestamp()
    FROM forgotten_transaction f
   WHERE (f.network, f.address, f.nonce) = (n.network, n.address, n.nonce)
     AND n.withdrawal_id = ANY ($1::uuid[]) AND n.state = 'leased' AND NOT ${ON_RECORD}`;

const PLACES = `json_to_recordset($1::json) AS p(withdrawal_id uuid, network text, address text, nonce bigint, client_reference text, asset text, decimals smallint, amount numeric,
                                                 recipient text, gas_reserve numeric, since timestamptz, closed boolean)`;

/** Locks the lanes and raises `next_nonce`, so the recalled nonces are never leased again. */
export const KEEP_PLACES = `
  WITH p AS (SELECT network, address, max(nonce) + 1 AS next FROM ${PLACES} GROUP BY network, address),
  locked AS (SELECT l.network, l.address FROM lane l JOIN p USING (network, address) ORDER BY l.network, l.address FOR UPDATE OF l)
  UPDATE lane l SET next_nonce = greatest(l.next_nonce, p.next) FROM p JOIN locked USING (network, address) WHERE l.network = p.network AND l.address = p.address`;

/** Voids a nonce leased since the restore if the signer has another for the withdrawal. */
export const DETACH_OTHERS = `
  UPDATE nonce n SET purpose = 'void', withdrawal_id = NULL, client_reference = NULL, amount = 0, recipient = n.address
    FROM ${PLACES} WHERE n.withdrawal_id = p.withdrawal_id AND n.state = 'leased' AND (n.network, n.address, n.nonce) <> (p.network, p.address, p.nonce)`;

/** `leased_at` is the order's time, because lookups start from the order's time. */
export const PUT_NONCES = `
  INSERT INTO nonce (network, address, nonce, purpose, withdrawal_id, client_reference, asset, decimals, amount, recipient, gas_reserve, leased_at)
  SELECT p.network, p.address, p.nonce, 'payment', p.withdrawal_id, p.client_reference, p.asset, p.decimals, p.amount, p.recipient, p.gas_reserve, p.since
    FROM ${PLACES} JOIN lane USING (network, address)
  ON CONFLICT DO NOTHING`;

export const PUT_TRANSACTIONS = `
  INSERT INTO transaction (hash, network, address, nonce, kind, raw, gas_limit, max_fee, max_priority_fee)
  SELECT t.hash, n.network, n.address, n.nonce, t.kind, t.raw, t.gas_limit, t.max_fee, t.max_priority_fee
    FROM json_to_recordset($1::json) AS t(withdrawal_id uuid, network text, address text, nonce bigint, hash text, kind text, raw text, gas_limit numeric, max_fee numeric, max_priority_fee numeric)
    JOIN nonce n USING (network, address, nonce, withdrawal_id)
  ON CONFLICT (hash) DO NOTHING`;

/**
 * Marks recalled payments as sent. If the signer has closed the withdrawal, a void replaces the
 * payment.
 */
export const RELEASE_SIGNED = `
  WITH released AS (
    UPDATE nonce n SET state = 'released', released_at = n.leased_at, cancel_asked_at = CASE WHEN p.closed THEN coalesce(n.cancel_asked_at, clock_timestamp()) ELSE n.cancel_asked_at END
      FROM ${PLACES}
     WHERE n.withdrawal_id = p.withdrawal_id AND n.state = 'leased' AND n.purpose = 'payment'
       AND EXISTS (SELECT FROM transaction t WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce AND t.kind = 'payment')
    RETURNING n.network, n.address, n.nonce)
  UPDATE transaction t SET sent_in = coalesce(f.head_number, 0)
    FROM released n LEFT JOIN chain_follower f USING (network)
   WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce AND t.sent_in IS NULL`;

/** Recalled nonces with a different use in this database. */
export const MISPLACED = `
  SELECT p.withdrawal_id FROM ${PLACES} LEFT JOIN nonce n USING (network, address, nonce) WHERE n.withdrawal_id IS DISTINCT FROM p.withdrawal_id`;
