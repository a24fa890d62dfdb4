/**
 * Every order: of the rows of the withdrawals, then orders of their own. `is_first`: part of the
 * withdrawal's row; `is_paid`: with its payment. A row without an order has no venue: a condition
 * here would end the use of the indexes in joins.
 */
export const ORDERS = `(
  SELECT withdrawal_id, order_venue AS venue, order_asset AS asset, order_amount AS amount, order_destination AS destination, equality_key,
         client_reference, ordered_at, true AS is_first, paid_reference IS NOT NULL AS is_paid
    FROM audited_withdrawal
   UNION ALL
  SELECT withdrawal_id, venue, asset, amount, destination, equality_key, client_reference, ordered_at, false, false FROM audited_order)`;

/**
 * True for one of the rows of order `o` of withdrawal `h`: two processes that store it at once, one
 * with the hold and one without, store it in both tables.
 */
export const IS_ONE_ORDER = '(o.is_first OR h.order_venue IS DISTINCT FROM o.venue)';

/** A payment in the row `w` of its withdrawal, with the columns of `venue_payment`. */
const OF_WITHDRAWAL = `
  SELECT w.order_venue AS venue, w.paid_reference AS venue_reference, w.paid_form AS form, w.client_reference, w.paid_currency AS currency,
         w.paid_network AS network, w.paid_destination AS destination, w.paid_net AS net, w.paid_gross AS gross, w.paid_fee AS venue_fee,
         w.equality_key, w.unlisted_key, CASE WHEN w.paid_reference IS NOT NULL THEN 'settled' END AS status, w.paid_status AS venue_status, w.tx_hash,
         w.paid_at AS created_at, w.paid_seen_at AS first_seen_at, w.paid_read_at AS last_seen_at, w.paid_seen_at AS final_seen_at, w.withdrawal_id
    FROM audited_withdrawal w`;
const COLUMNS = `
  venue, venue_reference, form, client_reference, currency, network, destination, net, gross, venue_fee,
  equality_key, unlisted_key, status, venue_status, tx_hash, created_at, first_seen_at, last_seen_at, final_seen_at, withdrawal_id`;

/** Every payment of a venue. A row of a withdrawal without a payment has no status, for the reason above. */
export const PAYMENTS = `(${OF_WITHDRAWAL}
   UNION ALL
  SELECT ${COLUMNS} FROM venue_payment)`;

const PAYMENT_OF_ROW = [
  'paid_reference',
  'paid_form',
  'paid_currency',
  'paid_network',
  'paid_destination',
  'paid_net',
  'paid_gross',
  'paid_fee',
  'unlisted_key',
  'paid_status',
  'tx_hash',
  'paid_at',
  'paid_seen_at',
  'paid_read_at',
];

/** Gives the payments of the withdrawals of `changed` rows of their own. No fact changes. */
export const SEPARATE = `
  separated AS (
    ${OF_WITHDRAWAL}
     WHERE w.withdrawal_id IN (SELECT withdrawal_id FROM changed) AND w.paid_reference IS NOT NULL
     ORDER BY w.withdrawal_id FOR NO KEY UPDATE),
  emptied AS (
    UPDATE audited_withdrawal w SET ${PAYMENT_OF_ROW.map((column) => `${column} = NULL`).join(', ')}
      FROM separated s WHERE w.withdrawal_id = s.withdrawal_id)
  INSERT INTO venue_payment (${COLUMNS}) SELECT ${COLUMNS} FROM separated`;
