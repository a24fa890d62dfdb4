import { PAYMENT } from './finding-sql.js';

/** Instants and limits of a check. */
export const CHECK_INSTANTS = `
  SELECT followed_through, least(started_at, oldest_fact_at) AS judged_from FROM audit_progress`;

/** The mark of an account ends with a positive balance. */
export const FORGET_SHORT = `
  DELETE FROM short_account s USING audited_account a WHERE a.account_id = s.account_id AND a.asset = s.asset AND a.balance >= 0`;

/**
 * The newest position counts: after a step of the database's clock, an earlier time may be newer.
 * `followed_since`: begin of the time in which no gap of more than 30 seconds was unknown.
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
 * A venue that lists no recipient of a transfer between accounts: the payment is compared by
 * amount, unless an order has this address. `$1`: last payment of the comparison; `$2`: moment up to
 * which every order is known: the order with this address may be known later than its payment.
 */
export const CHOOSE_KEYS = `
  UPDATE venue_payment p SET equality_key = p.unlisted_key
   WHERE p.withdrawal_id IS NULL AND p.flagged_at IS NULL AND p.status <> 'failed' AND p.id <= $1 AND p.first_seen_at < $2 AND p.equality_key <> p.unlisted_key
     AND NOT EXISTS (SELECT FROM audited_order o WHERE o.venue = p.venue AND o.equality_key = p.equality_key)
     AND EXISTS (SELECT FROM audited_order o WHERE o.venue = p.venue AND o.equality_key = p.unlisted_key)`;

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
 * A payment with the reference of an order belongs to this order, whatever the other values. Other
 * values are a finding, unless the venue's fee explains the amount. `$1`: last payment of the
 * comparison.
 */
export const NAMED_OTHERWISE = `
  WITH named AS (
    SELECT p.id, p.venue, o.equality_key, o.asset, o.withdrawal_id, o.amount, o.destination, ${IS_FEE_CHANGE} AS is_fee_change
      FROM venue_payment p JOIN audited_order o ON o.venue = p.venue AND o.client_reference = p.client_reference
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

const GROUPS = `unnest($1::text[], $2::text[]) AS g(venue, equality_key)`;

/**
 * Assigns each payment of the groups to one order, and no order to two payments. A payment with our
 * reference belongs to the order with this reference. The others are assigned in their order of
 * time: first to captured orders of this venue, last to released orders, and before these to orders
 * that moved to another venue. Equal payments have no other difference.
 *
 * Orders and payments are paired by windows: a join of estimated rows may become a quadratic loop.
 */
export const ASSIGN_PAYMENTS = `
  WITH sides AS (
    SELECT o.venue, o.equality_key, o.client_reference, NULL::bigint AS id, o.withdrawal_id, o.ordered_at AS at,
           CASE WHEN h.state IN ('released', 'expired') THEN 3 WHEN h.venue <> o.venue THEN 2 WHEN h.state = 'captured' THEN 0 ELSE 1 END AS rank
      FROM ${GROUPS} JOIN audited_order o USING (venue, equality_key)
      LEFT JOIN audited_hold h ON h.withdrawal_id = o.withdrawal_id
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
 * Payments from before the audit belong to no known order, and are compared with none.
 * `$1`: begin of the audit; `$2`: moment up to which every order is known; `$3`: last payment of the
 * comparison.
 */
export const SET_ASIDE = `
  UPDATE venue_payment SET flagged_at = clock_timestamp()
   WHERE ${UNEXPLAINED} AND created_at < $1 AND first_seen_at < $2 AND (id <= $3 OR equality_key IS NULL)`;

/** Stores the groups again whose outcome is still open. */
export const KEEP_GROUPS = `
  INSERT INTO changed_groups (venue, equality_keys)
  SELECT venue, array_agg(DISTINCT equality_key) FROM ${GROUPS} GROUP BY venue`;
