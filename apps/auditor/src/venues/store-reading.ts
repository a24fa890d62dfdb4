import { type Database, rowsJson } from '@sluice/postgres';
import { ORDERS, SEPARATE } from '../writes/audited-rows.js';
import { inTransaction } from '../writes/in-transaction.js';

/** A reading of balances: its begin as text of the database, and the moment after the answer. */
export interface BalanceReading {
  readonly begunAt: string;
  readonly readAt: Date;
  readonly rows: readonly { readonly currency: string; readonly total: string }[];
}

/** A record that was read to its end. */
interface CompleteReading {
  readonly venue: string;
  /** End of the reading by the venue's clock. */
  readonly through: Date;
  readonly begunAt: Date;
  readonly isDeep: boolean;
  /** Begin of the record's first window. */
  readonly from: Date;
  /** Null if the venue has no balances, or did not answer. */
  readonly balances: BalanceReading | null;
}

/**
 * Stores a reading in one statement. Each payment in the balances, read earlier, is listed or has
 * an open order.
 */
export async function storeReading(
  database: Pick<Database, 'query'>,
  { venue, through, begunAt, isDeep, from, balances }: CompleteReading,
): Promise<void> {
  await database.query(READ_THROUGH, [
    venue,
    through,
    begunAt,
    isDeep,
    from,
    balances?.begunAt ?? null,
    balances?.readAt ?? null,
    rowsJson(balances?.rows ?? []),
  ]);
}

const ROW = `venue text, venue_reference text, form text, client_reference text, currency text, network text, destination text,
  net numeric, gross numeric, venue_fee numeric, equality_key text, unlisted_key text, status text, venue_status text, tx_hash text, created_at timestamptz`;

/** When the final state was read first; a payment that is not final has no such time. */
const finalAt = (status: string): string =>
  `CASE WHEN ${status} IN ('settled', 'failed') THEN clock_timestamp() END`;

/** A payment in the expected balance; its failure is a rise. */
const IS_COUNTED = `EXISTS (
  SELECT FROM venue_balance b
   WHERE b.venue = p.venue AND b.currency = p.currency AND p.final_seen_at <= b.read_at - interval '2 minutes')`;

/**
 * Order of a new payment by our reference, if both are alone with reference and values: one write
 * less.
 */
const NAMED_ORDER = `
  SELECT r.venue, r.venue_reference, min(o.withdrawal_id::text)::uuid AS withdrawal_id
    FROM rows r JOIN ${ORDERS} o ON o.venue = r.venue AND o.client_reference = r.client_reference AND o.equality_key = r.equality_key
   WHERE r.status <> 'failed' AND NOT o.is_paid
     AND NOT EXISTS (SELECT FROM listed q WHERE q.client_reference = r.client_reference AND q.venue_reference <> r.venue_reference)
     AND NOT EXISTS (SELECT FROM venue_payment p WHERE p.venue = r.venue AND p.equality_key = r.equality_key AND p.client_reference = r.client_reference)
     AND NOT EXISTS (SELECT FROM venue_payment p WHERE p.withdrawal_id = o.withdrawal_id AND p.venue = r.venue)
   GROUP BY r.venue, r.venue_reference HAVING count(*) = 1`;

const IS_STORED = `EXISTS (
  SELECT FROM venue_payment p
   WHERE p.venue = listed.venue AND p.venue_reference = listed.venue_reference AND p.equality_key IS NOT NULL
     AND p.status IN ('settled', 'failed') AND p.status = listed.status
     AND p.net IS NOT DISTINCT FROM listed.net AND p.venue_fee IS NOT DISTINCT FROM listed.venue_fee)`;

/**
 * Payments of the page that are part of the row of their withdrawal, found by our reference or by
 * their values: the venue may list one of both otherwise.
 */
const OF_WITHDRAWALS = ['client_reference', 'equality_key']
  .map(
    (column) => `
  SELECT w.withdrawal_id, w.order_venue, w.paid_reference,
         r.status = 'settled' AND w.paid_net IS NOT DISTINCT FROM r.net AND w.paid_fee IS NOT DISTINCT FROM r.venue_fee AS is_same
    FROM listed r JOIN audited_withdrawal w ON w.order_venue = r.venue AND w.${column} = r.${column} AND w.paid_reference = r.venue_reference`,
  )
  .join('\n   UNION');

const LISTED = `
  listed AS (
    SELECT DISTINCT ON (venue, venue_reference) * FROM json_to_recordset($1::json) AS r(${ROW}) ORDER BY venue, venue_reference),
  known AS (${OF_WITHDRAWALS})`;

/** Row of `venue_payment` for a record of a venue. */
export interface PaymentRow {
  readonly venue: string;
  readonly venue_reference: string;
  readonly form: string;
  readonly client_reference: string | null;
  readonly currency: string;
  readonly network: string | null;
  readonly destination: string | null;
  readonly net: string | null;
  readonly gross: string | null;
  readonly venue_fee: string | null;
  readonly equality_key: string | null;
  readonly unlisted_key: string | null;
  readonly status: string;
  readonly venue_status: string;
  readonly tx_hash: string | null;
  readonly created_at: Date;
}

/** Stores a page. Processes that read one venue at once store each payment once. */
export async function keepPayments(
  database: Pick<Database, 'withClient'>,
  rows: readonly PaymentRow[],
  seenAt: Date,
): Promise<void> {
  const page = rowsJson(rows);
  await inTransaction(database, 'BEGIN', async (query) => {
    for (const venue of [...new Set(rows.map((row) => row.venue))].sort())
      await query(LOCK_PAYMENTS, [venue]);
    await query(SEPARATE_CHANGED, [page]);
    await query(KEEP_PAYMENTS, [page, seenAt]);
  });
}

/** Without this lock, two processes could store one payment in both tables. */
const LOCK_PAYMENTS = `SELECT pg_advisory_xact_lock(hashtextextended('payments of ' || $1, 0))`;

/** A payment that the venue lists otherwise than before gets a row of its own. */
const SEPARATE_CHANGED = `
  WITH ${LISTED},
  changed AS (SELECT withdrawal_id FROM known WHERE NOT is_same),
  ${SEPARATE}`;

/**
 * Stores a page. A settled payment of the order in a withdrawal's row becomes part of this row, unless
 * another transaction changes the row. The groups of new, failed and no longer failed payments are
 * compared again. `$2`: begin of the reading.
 */
const KEEP_PAYMENTS = `
  WITH ${LISTED},
  rows AS (
    SELECT * FROM listed
     WHERE NOT ${IS_STORED} AND NOT EXISTS (SELECT FROM known k WHERE k.order_venue = listed.venue AND k.paid_reference = listed.venue_reference)),
  before AS (
    SELECT p.venue, p.venue_reference, p.status, p.equality_key
      FROM venue_payment p JOIN rows r ON r.venue = p.venue AND r.venue_reference = p.venue_reference),
  changed AS (
    INSERT INTO changed_groups (venue, equality_keys)
    SELECT r.venue, array_agg(DISTINCT r.equality_key)
      FROM rows r LEFT JOIN before b ON b.venue_reference = r.venue_reference
     WHERE r.equality_key IS NOT NULL
       AND (b.venue_reference IS NULL OR (b.status = 'failed') <> (r.status = 'failed') OR b.equality_key IS NULL)
     GROUP BY r.venue),
  named AS (${NAMED_ORDER}),
  locked AS (
    SELECT w.withdrawal_id FROM audited_withdrawal w WHERE w.withdrawal_id IN (SELECT withdrawal_id FROM named)
       FOR NO KEY UPDATE SKIP LOCKED),
  joined AS (
    UPDATE audited_withdrawal w
       SET paid_reference = r.venue_reference, paid_form = r.form, paid_currency = r.currency, paid_network = r.network, paid_destination = r.destination,
           paid_net = r.net, paid_gross = r.gross, paid_fee = r.venue_fee, unlisted_key = r.unlisted_key, paid_status = r.venue_status,
           tx_hash = r.tx_hash, paid_at = r.created_at, paid_seen_at = clock_timestamp(), paid_read_at = $2
      FROM locked JOIN named n USING (withdrawal_id) JOIN rows r USING (venue, venue_reference)
     WHERE w.withdrawal_id = locked.withdrawal_id AND w.order_venue = r.venue AND w.paid_reference IS NULL AND r.status = 'settled'
       AND NOT EXISTS (SELECT FROM before b WHERE b.venue = r.venue AND b.venue_reference = r.venue_reference)
    RETURNING w.order_venue, w.paid_reference)
  INSERT INTO venue_payment AS p (venue, venue_reference, form, client_reference, currency, network, destination, net, gross, venue_fee,
                                  equality_key, unlisted_key, status, venue_status, tx_hash, created_at, last_seen_at, final_seen_at, withdrawal_id)
  SELECT venue, venue_reference, form, client_reference, currency, network, destination, net, gross, venue_fee,
         equality_key, unlisted_key, status, venue_status, tx_hash, created_at, $2, ${finalAt('rows.status')}, named.withdrawal_id
    FROM rows LEFT JOIN named USING (venue, venue_reference)
   WHERE NOT EXISTS (SELECT FROM joined j WHERE j.order_venue = rows.venue AND j.paid_reference = rows.venue_reference)
  ON CONFLICT (venue, venue_reference) DO UPDATE
    SET status = EXCLUDED.status, venue_status = EXCLUDED.venue_status, tx_hash = EXCLUDED.tx_hash,
        net = EXCLUDED.net, gross = EXCLUDED.gross, venue_fee = EXCLUDED.venue_fee, network = EXCLUDED.network,
        final_seen_at = CASE WHEN p.status = EXCLUDED.status OR (EXCLUDED.status = 'failed' AND ${IS_COUNTED}) THEN p.final_seen_at
                             ELSE ${finalAt('EXCLUDED.status')} END,
        equality_key = CASE WHEN p.net = EXCLUDED.net AND p.destination IS NOT DISTINCT FROM EXCLUDED.destination
                              AND (p.equality_key = p.unlisted_key OR (p.client_reference IS NOT NULL AND p.withdrawal_id IS NOT NULL))
                            THEN p.equality_key ELSE EXCLUDED.equality_key END,
        unlisted_key = EXCLUDED.unlisted_key, last_seen_at = greatest(p.last_seen_at, $2)
  WHERE p.status IN ('pending', 'broadcast') OR p.status <> EXCLUDED.status OR p.net IS DISTINCT FROM EXCLUDED.net
     OR p.venue_fee IS DISTINCT FROM EXCLUDED.venue_fee`;

/**
 * Begin of the next reading: overlap, or oldest payment without a final state. Text: the driver's
 * Date has only milliseconds.
 */
export const NEXT_READING = `
  SELECT clock_timestamp() AS begun_at, clock_timestamp()::text AS balances_begun_at, r.read_through, clock_timestamp() - r.deep_read_at > interval '6 hours' AS deep_is_due,
         (SELECT min(created_at) FROM venue_payment p
           WHERE p.venue = $1 AND p.status IN ('pending', 'broadcast') AND p.created_at > clock_timestamp() - interval '7 days') AS oldest_open
    FROM (SELECT 1) AS one LEFT JOIN venue_reading r ON r.venue = $1`;

/**
 * `$5`: begin of the first reading. `$6`: begin of the reading of balances, or null; `$7`: after
 * its answer; `$8`: rows.
 */
const READ_THROUGH = `
  WITH balances AS (
    INSERT INTO venue_balance_reading (venue, currency, total, begun_at, read_at)
    SELECT $1, currency, total, $6::timestamptz, $7::timestamptz FROM json_to_recordset($8::json) AS r(currency text, total numeric))
  INSERT INTO venue_reading AS v (venue, read_through, completed_at, deep_read_at, covered_from, balances_read_at) VALUES ($1, $2, $3, $3, $5, $6)
  ON CONFLICT (venue) DO UPDATE
    SET read_through = greatest(v.read_through, EXCLUDED.read_through),
        completed_at = greatest(v.completed_at, EXCLUDED.completed_at),
        balances_read_at = greatest(v.balances_read_at, EXCLUDED.balances_read_at),
        deep_read_at = CASE WHEN $4 THEN EXCLUDED.deep_read_at ELSE v.deep_read_at END`;

/** Opens a condition for each venue whose reading in `column` is older than a minute, unless the venue has an open condition. */
const notRead = (column: string, reading: string, evidence: string): string => `
  INSERT INTO finding (is_condition, kind, scope, target, subject, evidence, fact_at)
  SELECT true, 'venue_not_read', 'venue', v.venue, v.venue || '${reading} since ' || to_char(t.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
         json_build_object('venue', v.venue, '${evidence}', r.${column}), t.since + interval '60 seconds'
    FROM unnest($1::text[]) AS v(venue)
    LEFT JOIN venue_reading r ON r.venue = v.venue
    CROSS JOIN LATERAL (SELECT greatest(r.${column}, $2::timestamptz) AS since) t
   WHERE t.since < clock_timestamp() - interval '60 seconds'
     AND NOT EXISTS (SELECT FROM finding f WHERE f.kind = 'venue_not_read' AND f.closed_at IS NULL AND f.target = v.venue)
   ORDER BY v.venue
  ON CONFLICT DO NOTHING`;

/** `$1`: covered venues; `$2`: begin of this process, before which no reading was possible. */
export const NOT_READ = notRead('completed_at', '', 'read_completely_at');
/** As `NOT_READ`, for the balances. */
export const BALANCES_NOT_READ = notRead('balances_read_at', ' balances', 'balances_read_at');
