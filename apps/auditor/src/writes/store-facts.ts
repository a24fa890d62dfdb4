import { rowsJson, type Tx } from '@sluice/postgres';
import { ORDERS } from './audited-rows.js';
import type { EndedHold, LedgerFacts } from './ledger-facts.js';
import { mergeFacts, type AuditedOrder, type StoredWithdrawal } from './merge-facts.js';
import { SIGNED } from './request-behind.js';

/**
 * Stores the facts of batches that were read together, with one statement per kind. A repetition
 * changes nothing.
 */
export async function storeFacts(
  tx: Tx,
  facts: LedgerFacts,
  orders: readonly AuditedOrder[] = [],
): Promise<void> {
  const { openings, movements, signers, venues, endings, reversals } = facts;
  if (openings.length > 0) await tx.query(OPENED, [openings]);
  if (movements.length > 0) await tx.query(MOVED, [rowsJson(movements)]);
  if (reversals.size > 0)
    await tx.query(REVERSED, [[...reversals.keys()], [...reversals.values()]]);
  const { rows, rest } = mergeFacts(facts, orders);
  const apart = rest(
    rows.length > 0 ? await tx.query<StoredWithdrawal>(PLACED, [rowsJson(rows)]) : [],
  );
  if (signers.size > 0) await tx.query(SIGNED, [[...signers.values()], [...signers.keys()]]);
  if (venues.size > 0) await tx.query(ASSIGNED, [[...venues.keys()], [...venues.values()]]);
  if (apart.endings.length > 0) await storeEndings(tx, apart.endings);
  if (apart.orders.length > 0) await tx.query(STORE_ORDERS, [rowsJson(apart.orders)]);
  // last: the entry of a reversal may be a capture of this batch
  if (reversals.size + movements.length + endings.length > 0) await tx.query(APPLY_REVERSALS);
}

async function storeEndings(tx: Tx, endings: readonly EndedHold[]): Promise<void> {
  await tx.query(LOCK_ENDED, [endings.map((end) => end.withdrawal_id)]);
  await tx.query(ENDED, [rowsJson(endings.map((end, place) => ({ ...end, place })))]);
}

/** Notes the time of the oldest fact: payments made earlier are not compared with orders. */
export async function noteOldest(tx: Tx, times: readonly string[]): Promise<void> {
  const [oldest] = [...times].sort((one, other) => Date.parse(one) - Date.parse(other));
  if (oldest !== undefined) await tx.query(OLDEST_FACT, [oldest]);
}

const OPENED = `
  INSERT INTO audited_opening (account_id) SELECT DISTINCT id FROM unnest($1::uuid[]) AS id ON CONFLICT DO NOTHING`;

/**
 * Adds `moved` to balances and held amounts, and marks accounts with more held than their balance
 * for the comparison in the same transaction. A new mark locks the row: a concurrent comparison is
 * repeated.
 */
const BALANCES = `
  balances AS (
    INSERT INTO audited_account AS a (account_id, asset, balance, held)
    SELECT account_id, asset, sum(amount), sum(held) FROM moved GROUP BY account_id, asset ORDER BY account_id, asset
    ON CONFLICT (account_id, asset) DO UPDATE SET balance = a.balance + EXCLUDED.balance, held = a.held + EXCLUDED.held
    RETURNING account_id, asset, balance, held)`;
const MARK_SHORT = `
  INSERT INTO short_account (account_id, asset)
  SELECT account_id, asset FROM balances WHERE balance < held ORDER BY account_id, asset
  ON CONFLICT (account_id, asset) DO UPDATE SET marked_at = clock_timestamp()`;

/** Adds new movements to the balances. A repeated movement changes nothing. */
const MOVED = `
  WITH moved AS (
    INSERT INTO audited_movement (entry_id, account_id, asset, amount, kind)
    SELECT entry_id, account_id, asset, amount, kind
      FROM json_to_recordset($1::json) AS r(entry_id text, account_id uuid, asset text, amount numeric, kind text)
    ON CONFLICT DO NOTHING RETURNING account_id, asset, amount, 0::numeric AS held),
  ${BALANCES}
  ${MARK_SHORT}`;

/**
 * Credits a returned payment on the connector's statement alone, once per withdrawal and never
 * above the hold.
 */
export const RETURNED = `
  WITH moved AS (
    INSERT INTO audited_movement (entry_id, account_id, asset, amount, kind)
    SELECT 'return of ' || h.withdrawal_id, h.account_id, h.asset, r.amount, 'return'
      FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, venue text, digest text, asset text, amount numeric)
      JOIN audited_withdrawal h ON h.withdrawal_id = r.withdrawal_id AND h.venue = r.venue AND h.asset = r.asset AND h.digest = r.digest
     WHERE r.amount > 0 AND r.amount <= h.amount AND h.state IN ('placed', 'captured')
    ON CONFLICT DO NOTHING RETURNING account_id, asset, amount, 0::numeric AS held),
  ${BALANCES}
  ${MARK_SHORT}`;

const REVERSED = `
  INSERT INTO audited_reversal (entry_id, reversed_entry_id)
  SELECT entry_id, reversed_entry_id FROM unnest($1::text[], $2::text[]) AS r(entry_id, reversed_entry_id)
  ON CONFLICT DO NOTHING`;

/** Applies reversals whose entry is known: another partition may deliver the entry later. */
const APPLY_REVERSALS = `
  WITH due AS (
    SELECT r.id, r.entry_id, m.account_id, m.asset, -m.amount AS amount
      FROM audited_reversal r JOIN audited_movement m ON m.entry_id = r.reversed_entry_id
     WHERE r.applied_at IS NULL
     UNION ALL
    SELECT r.id, r.entry_id, h.account_id, h.asset, h.debited
      FROM audited_reversal r JOIN audited_withdrawal h ON h.entry_id = r.reversed_entry_id
     WHERE r.applied_at IS NULL),
  moved AS (
    INSERT INTO audited_movement (entry_id, account_id, asset, amount, kind)
    SELECT entry_id, account_id, asset, amount, 'reversal' FROM due
    ON CONFLICT DO NOTHING RETURNING account_id, asset, amount, 0::numeric AS held),
  applied AS (
    UPDATE audited_reversal SET applied_at = clock_timestamp() WHERE id IN (SELECT id FROM due)),
  ${BALANCES}
  ${MARK_SHORT}`;

const HOLD_ROW = `withdrawal_id uuid, account_id uuid, asset text, amount numeric, digest text, venue text, placed_at timestamptz, requested_by text,
  order_venue text, order_asset text, order_amount numeric, order_destination text, equality_key text, client_reference text, ordered_at timestamptz,
  state text, ended_at timestamptz, entry_id text, debited numeric`;

/**
 * Stores new holds, each with the order and the end that were read together with the hold, and
 * returns them. A hold of an account that signs its orders needs a signature: a proof is not
 * enough. A hold whose order or entry is stored already begins without order or end.
 */
const PLACED = `
  WITH given AS (
    SELECT r.*, r.state IS NOT NULL
                AND NOT EXISTS (SELECT FROM audited_movement m WHERE m.entry_id = r.entry_id AND m.account_id = r.account_id)
                AND NOT EXISTS (SELECT FROM audited_withdrawal h WHERE h.entry_id = r.entry_id) AS has_end,
           r.order_venue IS NOT NULL
           AND NOT EXISTS (SELECT FROM audited_order o WHERE o.withdrawal_id = r.withdrawal_id AND o.venue = r.order_venue) AS has_order
      FROM json_to_recordset($1::json) AS r(${HOLD_ROW})),
  placed AS (
    INSERT INTO audited_withdrawal (withdrawal_id, account_id, asset, amount, digest, requested_by, placed_at, venue,
                                    order_venue, order_asset, order_amount, order_destination, equality_key, client_reference, ordered_at,
                                    state, ended_at, ended_seen_at, entry_id, debited)
    SELECT g.withdrawal_id, g.account_id, g.asset, g.amount, g.digest,
           CASE WHEN g.requested_by = 'signature' OR NOT EXISTS (SELECT FROM audited_signer s WHERE s.account_id = g.account_id) THEN g.requested_by END,
           g.placed_at, g.venue, o.order_venue, o.order_asset, o.order_amount, o.order_destination, o.equality_key, o.client_reference, o.ordered_at,
           coalesce(e.state, 'placed'), e.ended_at, CASE WHEN g.has_end THEN clock_timestamp() END, e.entry_id, e.debited
      FROM given g LEFT JOIN LATERAL (SELECT g.*) o ON g.has_order LEFT JOIN LATERAL (SELECT g.*) e ON g.has_end
    ON CONFLICT DO NOTHING
    RETURNING withdrawal_id, account_id, asset, amount, order_venue, equality_key, state, debited),
  marked AS (
    INSERT INTO changed_groups (venue, equality_keys)
    SELECT venue, array_agg(DISTINCT equality_key)
      FROM (SELECT order_venue AS venue, equality_key FROM placed WHERE state <> 'placed' AND order_venue IS NOT NULL
             UNION ALL
            SELECT o.venue, o.equality_key FROM audited_order o JOIN placed USING (withdrawal_id) WHERE state <> 'placed') AS compared
     GROUP BY venue),
  moved AS (
    SELECT account_id, asset, -coalesce(debited, 0) AS amount, CASE state WHEN 'placed' THEN amount ELSE 0 END AS held FROM placed),
  ${BALANCES},
  short AS (${MARK_SHORT})
  SELECT withdrawal_id, order_venue, state FROM placed`;

/** Marks the groups of the orders of `changed` for the comparison, with one row per venue. */
const MARK_GROUPS = `
  INSERT INTO changed_groups (venue, equality_keys)
  SELECT o.venue, array_agg(DISTINCT o.equality_key) FROM ${ORDERS} o JOIN changed c ON c.withdrawal_id = o.withdrawal_id
   WHERE o.venue IS NOT NULL GROUP BY o.venue`;

/** Moves holds to their new venue; their orders are compared with the venues again. */
const ASSIGNED = `
  WITH changed AS (
    UPDATE audited_withdrawal h SET venue = r.venue
      FROM unnest($1::uuid[], $2::text[]) AS r(withdrawal_id, venue)
     WHERE h.withdrawal_id = r.withdrawal_id AND h.venue IS DISTINCT FROM r.venue
    RETURNING h.withdrawal_id)
  ${MARK_GROUPS}`;

/** Locks the holds that end: the next statement sees every end that another process has stored. */
const LOCK_ENDED = `
  SELECT FROM audited_withdrawal WHERE withdrawal_id = ANY ($1::uuid[]) ORDER BY withdrawal_id FOR UPDATE`;

/**
 * The first end of a hold counts, and its orders are compared again. A capture without a matching
 * open hold is a movement of its own: every entry counts once.
 */
const ENDED = `
  WITH given AS (
    SELECT * FROM json_to_recordset($1::json) AS r(place int, withdrawal_id uuid, state text, ended_at timestamptz,
                                                   entry_id text, account_id uuid, asset text, debited numeric)),
  first AS (
    SELECT DISTINCT ON (withdrawal_id) * FROM given ORDER BY withdrawal_id, place),
  fresh AS (
    SELECT f.withdrawal_id, f.account_id, f.entry_id, f.debited
      FROM first f JOIN audited_withdrawal h ON h.withdrawal_id = f.withdrawal_id AND h.account_id = f.account_id AND h.asset = f.asset
     WHERE f.entry_id IS NOT NULL AND h.state = 'placed'
       AND NOT EXISTS (SELECT FROM audited_movement m WHERE m.entry_id = f.entry_id AND m.account_id = f.account_id)
       AND NOT EXISTS (SELECT FROM audited_withdrawal k WHERE k.entry_id = f.entry_id)
       AND NOT EXISTS (SELECT FROM first k WHERE k.entry_id = f.entry_id AND k.withdrawal_id < f.withdrawal_id)),
  changed AS (
    UPDATE audited_withdrawal h SET state = f.state, ended_at = f.ended_at, ended_seen_at = clock_timestamp(), entry_id = n.entry_id, debited = n.debited
      FROM first f LEFT JOIN fresh n USING (withdrawal_id)
     WHERE h.withdrawal_id = f.withdrawal_id AND h.state = 'placed'
    RETURNING h.withdrawal_id, h.account_id, h.asset, h.amount, h.debited),
  marked AS (${MARK_GROUPS}),
  others AS (
    INSERT INTO audited_movement (entry_id, account_id, asset, amount, kind)
    SELECT g.entry_id, g.account_id, g.asset, -g.debited, 'capture' FROM given g
     WHERE g.entry_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM fresh n WHERE n.entry_id = g.entry_id AND n.account_id = g.account_id)
       AND NOT EXISTS (SELECT FROM audited_withdrawal h WHERE h.entry_id = g.entry_id AND h.account_id = g.account_id)
     ORDER BY g.place
    ON CONFLICT DO NOTHING RETURNING account_id, asset, amount, 0::numeric AS held),
  moved AS (
    SELECT account_id, asset, -coalesce(debited, 0) AS amount, -amount AS held FROM changed
     UNION ALL
    SELECT account_id, asset, amount, held FROM others),
  ${BALANCES}
  ${MARK_SHORT}`;

/** Stores orders in rows of their own. The group of an order is compared again if its hold has ended before. */
const STORE_ORDERS = `
  WITH new AS (
    INSERT INTO audited_order (withdrawal_id, venue, asset, amount, destination, equality_key, client_reference, ordered_at)
    SELECT withdrawal_id, venue, asset, amount, destination, equality_key, client_reference, ordered_at
      FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, venue text, asset text, amount numeric, destination text,
                                            equality_key text, client_reference text, ordered_at timestamptz)
     WHERE NOT EXISTS (SELECT FROM audited_withdrawal h WHERE h.withdrawal_id = r.withdrawal_id AND h.order_venue = r.venue)
    ON CONFLICT DO NOTHING RETURNING withdrawal_id, venue, equality_key)
  INSERT INTO changed_groups (venue, equality_keys)
  SELECT n.venue, array_agg(DISTINCT n.equality_key)
    FROM new n JOIN audited_withdrawal h ON h.withdrawal_id = n.withdrawal_id AND h.state <> 'placed'
   GROUP BY n.venue`;

const OLDEST_FACT = `
  UPDATE audit_progress SET oldest_fact_at = $1 WHERE oldest_fact_at IS NULL OR oldest_fact_at > $1`;
