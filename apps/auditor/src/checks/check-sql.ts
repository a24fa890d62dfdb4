import { IS_ONE_ORDER, ORDERS, PAYMENTS, SEPARATE } from '../writes/audited-rows.js';
import { SHORT_ACCOUNTS } from '../glance/glance.js';

const PAYMENT = `json_build_object('venue', p.venue, 'venue_reference', p.venue_reference, 'client_reference', p.client_reference, 'currency', p.currency,
  'network', p.network, 'amount', p.net::text, 'gross', p.gross::text, 'recipient', p.destination, 'status', p.venue_status, 'tx_hash', p.tx_hash,
  'created_at', p.created_at, 'first_seen_at', p.first_seen_at)`;
const HOLD = `json_build_object('withdrawal_id', h.withdrawal_id, 'account_id', h.account_id, 'asset', h.asset, 'amount', h.amount::text, 'venue', h.venue,
  'state', h.state, 'placed_at', h.placed_at, 'ended_at', h.ended_at)`;
const OPEN = 'INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)';
const GROUPS = `unnest($1::text[], $2::text[]) AS g(venue, equality_key)`;

/**
 * A payment without an order, or a second one beside an equal order, seen before the moment up to
 * which every order is known. An unreadable amount waits 45 s. `$3`: last payment of the
 * comparison.
 */
export const WITHOUT_ORDER = `
  WITH lone AS (
    SELECT p.* FROM venue_payment p
     WHERE p.withdrawal_id IS NULL AND p.flagged_at IS NULL AND p.status <> 'failed'
       AND p.created_at >= $1 AND p.first_seen_at < $2
       AND ((p.equality_key IS NOT NULL AND p.id <= $3)
            OR (p.equality_key IS NULL AND p.first_seen_at < clock_timestamp() - interval '45 seconds'
                AND NOT EXISTS (SELECT FROM ${ORDERS} o WHERE o.venue = p.venue AND o.client_reference = p.client_reference)))
     ORDER BY p.id FOR UPDATE),
  flagged AS (
    UPDATE venue_payment SET flagged_at = clock_timestamp() WHERE id IN (SELECT id FROM lone))
  ${OPEN}
  SELECT CASE WHEN t.withdrawal_id IS NULL THEN 'payment_without_order' ELSE 'paid_twice' END, 'venue', p.venue,
         p.venue || ' ' || p.venue_reference,
         json_build_object('payment', ${PAYMENT}, 'equal_order', t.withdrawal_id, 'equal_orders', t.orders), p.created_at
    FROM lone p
    LEFT JOIN LATERAL (
      SELECT min(o.withdrawal_id::text) AS withdrawal_id, count(*) AS orders FROM ${ORDERS} o
       WHERE o.venue = p.venue AND o.equality_key = p.equality_key
         AND (p.client_reference IS NULL OR p.client_reference = o.client_reference)) t ON true
   ORDER BY p.id
  ON CONFLICT DO NOTHING`;

/**
 * Withdrawals with several payments. `$3`: moment up to which orders and changes of a venue are
 * known.
 */
const AT_SEVERAL = `
  SELECT p.withdrawal_id, json_agg(${PAYMENT} ORDER BY p.created_at) AS payments, max(p.created_at) AS fact_at,
         coalesce(max(p.first_seen_at) < $3, false) AS is_known
    FROM ${PAYMENTS} p
   WHERE p.status <> 'failed'
     AND p.withdrawal_id IN (SELECT q.withdrawal_id FROM ${GROUPS} JOIN ${PAYMENTS} q USING (venue, equality_key) WHERE q.withdrawal_id IS NOT NULL)
   GROUP BY p.withdrawal_id HAVING count(*) > 1`;

export const PAID_AT_SEVERAL = `
  ${OPEN}
  SELECT 'paid_twice', 'all', NULL, t.withdrawal_id::text,
         json_build_object('hold', (SELECT ${HOLD} FROM audited_withdrawal h WHERE h.withdrawal_id = t.withdrawal_id), 'payments', t.payments), t.fact_at
    FROM (${AT_SEVERAL}) t WHERE t.is_known
   ORDER BY 4
  ON CONFLICT DO NOTHING`;

export const SEVERAL_OPEN = `
  SELECT DISTINCT p.venue, p.equality_key FROM (${AT_SEVERAL}) t JOIN ${PAYMENTS} p ON p.withdrawal_id = t.withdrawal_id AND p.status <> 'failed' WHERE NOT t.is_known`;

/**
 * Payments whose hold was given back; one without a final state if still reported `$4` ms after the
 * release.
 */
const GIVEN_BACK = `
  FROM ${GROUPS} JOIN ${PAYMENTS} p USING (venue, equality_key) JOIN audited_withdrawal h ON h.withdrawal_id = p.withdrawal_id
 WHERE p.status <> 'failed' AND h.state IN ('released', 'expired')
   AND NOT EXISTS (SELECT FROM finding f WHERE f.kind = 'released_but_paid' AND f.subject = h.withdrawal_id::text)`;
const IS_PAID = `(coalesce(p.first_seen_at < $3, false) AND (p.status = 'settled' OR p.last_seen_at > h.ended_seen_at + $4 * interval '1 millisecond'))`;

export const RELEASED_BUT_PAID = `
  ${OPEN}
  SELECT 'released_but_paid', 'account', h.account_id::text, h.withdrawal_id::text,
         json_build_object('hold', ${HOLD}, 'payment', ${PAYMENT}), greatest(p.created_at, h.ended_at)
  ${GIVEN_BACK} AND ${IS_PAID}
   ORDER BY 4
  ON CONFLICT DO NOTHING`;

export const RELEASED_OPEN = `SELECT DISTINCT p.venue, p.equality_key ${GIVEN_BACK} AND NOT ${IS_PAID}`;

/**
 * Captured orders without a payment at any venue. `$3`: covered venues; `$4`: orders since; `$5`:
 * time in ms until a reading must show a payment; `$6`: more time for the wallet's nodes.
 */
const UNPAID = `
  FROM ${GROUPS} JOIN ${ORDERS} o USING (venue, equality_key) JOIN audited_withdrawal h ON h.withdrawal_id = o.withdrawal_id AND h.venue = o.venue
  LEFT JOIN venue_reading r ON r.venue = o.venue
 WHERE h.state = 'captured' AND o.venue = ANY ($3) AND o.ordered_at >= greatest($4, r.covered_from)
   AND h.paid_reference IS NULL AND NOT EXISTS (SELECT FROM venue_payment p WHERE p.withdrawal_id = o.withdrawal_id AND p.status <> 'failed')
   AND NOT EXISTS (SELECT FROM audited_movement m WHERE m.entry_id = 'return of ' || h.withdrawal_id AND m.account_id = h.account_id)
   AND NOT EXISTS (SELECT FROM finding f WHERE f.kind = 'captured_without_payment' AND f.subject = o.withdrawal_id::text)`;
/** A payment that may be this order's by amount alone, until every order up to it is known. */
const MAY_BE_PAID = `EXISTS (
  SELECT FROM venue_payment u
   WHERE u.withdrawal_id IS NULL AND u.flagged_at IS NULL AND u.status <> 'failed' AND u.venue = o.venue AND u.unlisted_key = o.equality_key AND u.equality_key <> u.unlisted_key)`;
const IS_LATE = `(coalesce(r.completed_at > h.ended_seen_at + ($5 + CASE WHEN o.venue = 'wallet' THEN $6 ELSE 0 END) * interval '1 millisecond', false) AND NOT ${MAY_BE_PAID})`;

export const CAPTURED_WITHOUT_PAYMENT = `
  ${OPEN}
  SELECT 'captured_without_payment', 'venue', o.venue, o.withdrawal_id::text,
         json_build_object('hold', ${HOLD}, 'order', json_build_object('recipient', o.destination, 'amount', o.amount::text,
                           'client_reference', o.client_reference, 'ordered_at', o.ordered_at), 'record_read_at', r.completed_at), h.ended_at
  ${UNPAID} AND ${IS_LATE}
   ORDER BY 4
  ON CONFLICT DO NOTHING`;

export const CAPTURED_OPEN = `SELECT DISTINCT o.venue, o.equality_key ${UNPAID} AND NOT ${IS_LATE}`;

/**
 * Accounts whose open holds exceed the balance by the ledger's events. Holds and debits count if
 * read before `$1`, credits always: a transfer's credit may be read after the debit it allows.
 */
export const WITHOUT_COVER = `
  ${OPEN}
  SELECT 'hold_without_cover', 'account', t.account_id::text, t.account_id || ' ' || t.asset || ' ' || t.newest,
         json_build_object('account_id', t.account_id, 'asset', t.asset, 'balance', t.balance::text, 'held', t.held::text, 'newest_hold', t.newest_hold), t.fact_at
    FROM (
      SELECT a.account_id, a.asset, a.balance + later.debits AS balance, a.held - later.held AS held,
             coalesce(n.withdrawal_id::text, m.entry_id, '') AS newest, coalesce(n.placed_at, m.seen_at, clock_timestamp()) AS fact_at,
             n.evidence AS newest_hold
        FROM (${SHORT_ACCOUNTS}) a
        CROSS JOIN LATERAL (
          SELECT coalesce((SELECT sum(h.amount) FROM audited_withdrawal h
                            WHERE h.account_id = a.account_id AND h.asset = a.asset AND h.state = 'placed' AND h.seen_at >= $1), 0) AS held,
                 coalesce((SELECT -sum(m.amount) FROM audited_movement m
                            WHERE m.account_id = a.account_id AND m.asset = a.asset AND m.amount < 0 AND m.seen_at >= $1), 0)
                 + coalesce((SELECT sum(h.debited) FROM audited_withdrawal h
                              WHERE h.ended_seen_at >= $1 AND h.account_id = a.account_id AND h.asset = a.asset), 0) AS debits) later
        LEFT JOIN LATERAL (
          SELECT h.withdrawal_id, h.placed_at, ${HOLD} AS evidence FROM audited_withdrawal h
           WHERE h.account_id = a.account_id AND h.asset = a.asset AND h.state = 'placed' AND h.seen_at < $1
           ORDER BY h.seen_at DESC, h.withdrawal_id DESC LIMIT 1) n ON true
        LEFT JOIN LATERAL (
          SELECT c.entry_id, c.seen_at FROM (
            (SELECT m.entry_id, m.seen_at, m.id FROM audited_movement m
              WHERE m.account_id = a.account_id AND m.asset = a.asset AND m.seen_at < $1 ORDER BY m.seen_at DESC, m.id DESC LIMIT 1)
             UNION ALL
            (SELECT h.entry_id, h.ended_seen_at, 0 FROM audited_withdrawal h
              WHERE h.ended_seen_at >= $1::timestamptz - interval '1 hour' AND h.ended_seen_at < $1 AND h.account_id = a.account_id AND h.asset = a.asset AND h.entry_id IS NOT NULL
              ORDER BY h.ended_seen_at DESC LIMIT 1)) c
           ORDER BY c.seen_at DESC, c.id DESC LIMIT 1) m ON n.withdrawal_id IS NULL) t
   WHERE t.balance < t.held
     AND NOT EXISTS (SELECT FROM finding f WHERE f.kind = 'hold_without_cover' AND f.closed_at IS NULL
                        AND f.subject LIKE t.account_id || ' ' || t.asset || ' %')
  ON CONFLICT DO NOTHING`;

/** Instants and limits of a check. */
export const CHECK_INSTANTS = `
  SELECT followed_through, least(started_at, oldest_fact_at) AS judged_from FROM audit_progress`;

/** The mark of an account ends with enough balance for its open holds. */
export const FORGET_SHORT = `
  DELETE FROM short_account s USING audited_account a WHERE a.account_id = s.account_id AND a.asset = s.asset AND a.balance >= a.held`;

/**
 * Newest position, because the database's clock may step. `followed_since`: begin of the time
 * without an unknown gap above 30 seconds.
 */
export const FOLLOWED_THROUGH = `
  UPDATE audit_progress
     SET followed_since = CASE WHEN followed_through > $1::timestamptz - interval '30 seconds' THEN coalesce(followed_since, $1) ELSE $1 END,
         followed_through = $1`;

const UNEXPLAINED = `withdrawal_id IS NULL AND flagged_at IS NULL AND status <> 'failed'`;

/** The `$1` oldest payments without an order: the last of them, and their number. */
export const OLDEST_UNEXPLAINED = `
  SELECT coalesce(max(id), 0)::text AS through, count(*)::int AS payments
    FROM (SELECT id FROM venue_payment WHERE ${UNEXPLAINED} AND equality_key IS NOT NULL ORDER BY id LIMIT $1) AS oldest`;

/**
 * A venue may list no recipient: its payment is compared by amount, unless an order has this
 * address. `$1`: last payment of the comparison; `$2`: moment up to which every order is known.
 */
export const CHOOSE_KEYS = `
  UPDATE venue_payment p SET equality_key = p.unlisted_key
   WHERE p.withdrawal_id IS NULL AND p.flagged_at IS NULL AND p.status <> 'failed' AND p.id <= $1 AND p.first_seen_at < $2 AND p.equality_key <> p.unlisted_key
     AND NOT EXISTS (SELECT FROM ${ORDERS} o WHERE o.venue = p.venue AND o.equality_key = p.equality_key)
     AND EXISTS (SELECT FROM ${ORDERS} o WHERE o.venue = p.venue AND o.equality_key = p.unlisted_key)`;

/** Takes about `$1` changed groups to compare, and the groups of the payments without an order up to `$2`. */
export const TAKE_GROUPS = `
  WITH waiting AS (
    SELECT id, sum(cardinality(equality_keys)) OVER (ORDER BY id) - cardinality(equality_keys) AS before FROM changed_groups),
  taken AS (
    DELETE FROM changed_groups WHERE id IN (SELECT id FROM waiting WHERE before < $1)
    RETURNING venue, equality_keys)
  SELECT venue, unnest(equality_keys) AS equality_key FROM taken
   UNION
  SELECT venue, equality_key FROM venue_payment WHERE ${UNEXPLAINED} AND equality_key IS NOT NULL AND id <= $2`;

/** The recipient got another amount through a change of the venue's fee: at most a tenth of the amount. */
const IS_FEE_CHANGE = `coalesce(p.currency = split_part(o.asset, '.', 1) AND p.destination = o.destination
  AND p.net + p.venue_fee = p.gross AND p.gross >= o.amount AND abs(p.net - o.amount) <= o.amount / 10, false)`;

/** Open findings of a venue from which the venue is stopped; the asset alone before. */
const VENUE_FROM = 3;

/**
 * A payment with an order's reference belongs to it; other values are a finding unless the fee
 * explains the amount. `$1`: last payment of the comparison.
 */
export const NAMED_OTHERWISE = `
  WITH named AS (
    SELECT p.id, p.venue, o.equality_key, o.asset, o.withdrawal_id, o.amount, o.destination, ${IS_FEE_CHANGE} AS is_fee_change
      FROM venue_payment p JOIN ${ORDERS} o ON o.venue = p.venue AND o.client_reference = p.client_reference
     WHERE p.withdrawal_id IS NULL AND p.flagged_at IS NULL AND p.status <> 'failed' AND p.id <= $1 AND p.equality_key <> o.equality_key
     ORDER BY p.id FOR UPDATE OF p),
  moved AS (
    UPDATE venue_payment p SET equality_key = n.equality_key FROM named n WHERE p.id = n.id),
  counted AS (
    SELECT n.*, row_number() OVER (PARTITION BY n.venue ORDER BY n.id)
                + (SELECT count(*) FROM finding f WHERE f.kind = 'paid_otherwise' AND f.closed_at IS NULL AND f.evidence -> 'payment' ->> 'venue' = n.venue)
                >= ${VENUE_FROM} AS is_of_venue
      FROM named n WHERE NOT n.is_fee_change)
  INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
  SELECT 'paid_otherwise', CASE WHEN n.is_of_venue THEN 'venue' ELSE 'asset' END, CASE WHEN n.is_of_venue THEN n.venue ELSE n.asset END, n.withdrawal_id::text,
         json_build_object('order', json_build_object('withdrawal_id', n.withdrawal_id, 'amount', n.amount::text, 'recipient', n.destination),
                           'payment', ${PAYMENT}), p.created_at
    FROM counted n JOIN venue_payment p USING (id)
   ORDER BY n.id
  ON CONFLICT DO NOTHING`;

/**
 * A payment in the row of its withdrawal gets a row of its own, if another payment or another order
 * of its group has its reference: all of them are assigned together.
 */
export const SEPARATE_SEVERAL = `
  WITH changed AS (
    SELECT w.withdrawal_id FROM ${GROUPS} JOIN audited_withdrawal w ON w.order_venue = g.venue AND w.equality_key = g.equality_key
     WHERE w.paid_reference IS NOT NULL
       AND (EXISTS (SELECT FROM venue_payment p
                     WHERE p.venue = w.order_venue AND p.equality_key = w.equality_key AND p.client_reference = w.client_reference)
            OR EXISTS (SELECT FROM ${ORDERS} o WHERE o.venue = w.order_venue AND o.equality_key = w.equality_key
                                                 AND o.client_reference = w.client_reference AND o.withdrawal_id <> w.withdrawal_id))),
  ${SEPARATE}`;

/**
 * Assigns each payment to one order, and no order to two: by our reference, and the others in their
 * order of time, first to captured orders of this venue, then to orders moved elsewhere, last to
 * released ones. An order with its payment in one row has no part. Windows pair them: a join of
 * estimated rows may become a quadratic loop.
 */
export const ASSIGN_PAYMENTS = `
  WITH sides AS (
    SELECT o.venue, o.equality_key, o.client_reference, NULL::bigint AS id, o.withdrawal_id, o.ordered_at AS at,
           CASE WHEN h.state IN ('released', 'expired') THEN 3 WHEN h.venue <> o.venue THEN 2 WHEN h.state = 'captured' THEN 0 ELSE 1 END AS rank
      FROM ${GROUPS} JOIN ${ORDERS} o USING (venue, equality_key)
      LEFT JOIN audited_withdrawal h ON h.withdrawal_id = o.withdrawal_id
     WHERE NOT o.is_paid AND ${IS_ONE_ORDER}
     UNION ALL
    SELECT p.venue, p.equality_key, p.client_reference, p.id, NULL, p.created_at, 0
      FROM ${GROUPS} JOIN venue_payment p USING (venue, equality_key)
     WHERE p.status <> 'failed'),
  named AS (
    SELECT *, first_value(withdrawal_id) OVER (PARTITION BY venue, equality_key, client_reference ORDER BY id IS NULL DESC, at, withdrawal_id) AS first_order,
           row_number() OVER (PARTITION BY venue, equality_key, client_reference, id IS NULL ORDER BY at, id) AS number,
           client_reference IS NOT NULL AND bool_or(id IS NOT NULL) OVER (PARTITION BY venue, equality_key, client_reference) AS is_named
      FROM sides),
  equal AS (
    SELECT *, row_number() OVER (PARTITION BY venue, equality_key, id IS NULL ORDER BY rank, at, id, withdrawal_id) AS place
      FROM named WHERE NOT is_named),
  assigned AS (
    SELECT id, CASE number WHEN 1 THEN first_order END AS withdrawal_id FROM named WHERE is_named
     UNION ALL
    SELECT id, first_value(withdrawal_id) OVER (PARTITION BY venue, equality_key, place ORDER BY id IS NULL DESC) FROM equal
     UNION ALL
    SELECT p.id, NULL FROM ${GROUPS} JOIN venue_payment p USING (venue, equality_key) WHERE p.status = 'failed')
  UPDATE venue_payment p SET withdrawal_id = a.withdrawal_id
    FROM assigned a WHERE p.id = a.id AND p.withdrawal_id IS DISTINCT FROM a.withdrawal_id`;

/**
 * Payments from before the audit are compared with none. `$1`: begin of the audit; `$2`: moment up
 * to which every order is known; `$3`: last payment of the comparison.
 */
export const SET_ASIDE = `
  UPDATE venue_payment SET flagged_at = clock_timestamp()
   WHERE ${UNEXPLAINED} AND created_at < $1 AND first_seen_at < $2 AND (id <= $3 OR equality_key IS NULL)`;

/** Stores the groups again whose outcome is still open. */
export const KEEP_GROUPS = `
  INSERT INTO changed_groups (venue, equality_keys)
  SELECT venue, array_agg(DISTINCT equality_key) FROM ${GROUPS} GROUP BY venue`;
