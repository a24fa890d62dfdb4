import { LARGEST_FEES } from '@sluice/connector-engine';
import { rowsJson } from '@sluice/postgres';
import { IS_ONE_ORDER, ORDERS } from '../writes/audited-rows.js';
import { BALANCES_NOT_READ } from '../venues/store-reading.js';
import type { RunQuery } from '../writes/in-transaction.js';

const FEES = JSON.stringify(LARGEST_FEES);

interface TakenReading {
  readonly venue: string;
  readonly currency: string;
  readonly total: string;
  readonly begun_at: string;
  /** Begin of the time of the payments and ends that the readings are compared with. */
  readonly since: string;
}

interface JudgedBalance extends Omit<TakenReading, 'since'> {
  readonly expected: string;
  readonly apart: boolean;
  readonly doubted_at: string | null;
  /** Too close to the first deviating reading for a confirmation. */
  readonly too_soon: boolean;
  readonly agreed_at: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

interface Covered {
  readonly venues: readonly string[];
  /** Begin of this process. */
  readonly startedAt: Date;
  /** Moment up to which every fact is known; null before the first. */
  readonly known: Date | null;
}

/**
 * Compares the venues' balances with payments and orders. Returns venues to read again: a
 * difference counts after two readings.
 */
export async function judgeBalances(
  query: RunQuery,
  { venues, startedAt, known }: Covered,
): Promise<readonly string[]> {
  await query(BALANCES_NOT_READ, [venues, startedAt]);
  const taken = known === null ? [] : await query<TakenReading>(TAKE_READINGS, [known]);
  const [first] = taken;
  if (first === undefined) return [];
  const judged = await query<JudgedBalance>(JUDGE_BALANCES, [rowsJson(taken), FEES, first.since]);
  const doubted = judged.filter(({ apart, doubted_at }) => apart && doubted_at === null);
  const kept = judged.filter(
    ({ apart, doubted_at, too_soon }) => !apart || (doubted_at !== null && !too_soon),
  );
  if (doubted.length > 0) await query(DOUBT, [rowsJson(doubted)]);
  if (kept.length > 0) await keep(query, kept);
  const unsettled = judged.filter((balance) => !kept.includes(balance));
  return [...new Set(unsettled.map(({ venue }) => venue))];
}

async function keep(query: RunQuery, kept: readonly JudgedBalance[]): Promise<void> {
  const rows = [rowsJson(kept)];
  await query(FIND_APART, rows);
  await query(KEEP_BALANCES, rows);
}

/**
 * Takes the readings whose earlier facts are stored, the newest of each balance. `$1`: moment up to
 * which every fact is known.
 */
const TAKE_READINGS = `
  WITH taken AS (
    DELETE FROM venue_balance_reading WHERE read_at < $1 RETURNING venue, currency, total, begun_at)
  SELECT DISTINCT ON (venue, currency) venue, currency, total::text, begun_at::text,
         min(least(begun_at - interval '10 seconds', read_at - interval '2 minutes')) OVER ()::text AS since
    FROM taken LEFT JOIN (SELECT venue, currency, read_at FROM venue_balance) AS b USING (venue, currency) ORDER BY venue, currency, begun_at DESC`;

/** A payment final for two minutes has left the balance or has returned, as in the connector's check. */
const IS_CERTAIN = `coalesce(p.final_seen_at <= a.begun_at - interval '2 minutes', false)`;

/**
 * A payment not in `expected`: not certain at the last compared reading. Reading times only grow,
 * so each payment counts once; those before the opening are in the opening.
 */
const IS_UNCOUNTED = `(p.final_seen_at IS NULL OR p.final_seen_at > a.read_at - interval '2 minutes')`;

/**
 * Amount taken from the balance: the whole balance for an unreadable record, the largest for an
 * unknown fee.
 */
const DEBIT = `coalesce(
  CASE WHEN p.venue_fee IS NULL THEN coalesce(p.gross, p.net) + coalesce(($2::jsonb ->> p.currency)::numeric, p.gross, p.net)
       ELSE greatest(p.gross, p.net + p.venue_fee) END, a.expected, a.total)`;

/**
 * Every payment in a row of a withdrawal is final. The summary of the times is used for a moment
 * that is known before the statement.
 */
const UNCOUNTED = `
  SELECT p.venue, p.currency, p.net, p.gross, p.venue_fee, p.status, p.final_seen_at
    FROM at a JOIN venue_payment p ON p.venue = a.venue AND p.currency = a.currency AND ${IS_UNCOUNTED}
   UNION ALL
  SELECT w.order_venue, w.paid_currency, w.paid_net, w.paid_gross, w.paid_fee, 'settled', w.paid_seen_at
    FROM audited_withdrawal w JOIN at a ON a.venue = w.order_venue AND a.currency = w.paid_currency AND w.paid_seen_at > a.read_at - interval '2 minutes'
   WHERE w.paid_seen_at > $3`;

/** An order ended shortly before the reading counts as open: its payment may be listed later. */
const OPEN_HOLDS = `
  SELECT h.withdrawal_id, h.venue, h.order_venue FROM audited_withdrawal h WHERE h.state = 'placed'
   UNION ALL
  SELECT h.withdrawal_id, h.venue, h.order_venue FROM audited_withdrawal h
   WHERE h.ended_seen_at > $3 AND h.ended_seen_at > (SELECT min(begun_at) - interval '10 seconds' FROM at)`;

/**
 * `$1`: readings; `$2`: largest fees by currency; `$3`: begin of their time. `expected`: balance without all payments that
 * certainly left. `least`: also without those that may have left, not final for two minutes or open
 * orders. A reading begun before the last compared one is left out.
 */
const JUDGE_BALANCES = `
  WITH given AS (SELECT * FROM json_to_recordset($1::json) AS g(venue text, currency text, total numeric, begun_at timestamptz)),
  at AS (
    SELECT g.*, b.expected, b.opening, b.opened_at, b.risen, b.read_at, b.doubted_at
      FROM given g LEFT JOIN venue_balance b USING (venue, currency)
     WHERE b.read_at IS NULL OR b.read_at < g.begun_at),
  payments AS (
    SELECT a.venue, a.currency,
           coalesce(sum(${DEBIT}) FILTER (WHERE ${IS_CERTAIN} AND p.status = 'settled'), 0) AS gone,
           coalesce(sum(${DEBIT}) FILTER (WHERE NOT ${IS_CERTAIN}), 0) AS under_way, count(*) FILTER (WHERE NOT ${IS_CERTAIN}) AS payments
      FROM at a JOIN (${UNCOUNTED}) p ON p.venue = a.venue AND p.currency = a.currency
     GROUP BY 1, 2),
  orders AS (
    SELECT a.venue, a.currency, sum(o.amount + coalesce(($2::jsonb ->> a.currency)::numeric, o.amount)) AS under_way, count(*) AS orders
      FROM (${OPEN_HOLDS}) h JOIN ${ORDERS} o ON o.withdrawal_id = h.withdrawal_id
      JOIN at a ON a.venue = o.venue AND a.currency = split_part(o.asset, '.', 1)
     WHERE coalesce(h.venue, o.venue) = o.venue AND NOT o.is_paid AND ${IS_ONE_ORDER}
       AND NOT EXISTS (SELECT FROM venue_payment p WHERE p.withdrawal_id = o.withdrawal_id AND p.venue = o.venue AND p.status <> 'failed')
     GROUP BY 1, 2),
  judged AS (
    SELECT a.*, coalesce(a.expected - coalesce(p.gone, 0), a.total) AS expected_now, coalesce(p.gone, 0) AS gone,
           coalesce(p.under_way, 0) AS of_payments, coalesce(p.payments, 0) AS payments, coalesce(o.under_way, 0) AS of_orders, coalesce(o.orders, 0) AS orders
      FROM at a LEFT JOIN payments p USING (venue, currency) LEFT JOIN orders o USING (venue, currency))
  SELECT venue, currency, total::text, expected_now::text AS expected, (expected_now - of_payments - of_orders)::text AS least, begun_at::text, doubted_at::text,
         total < expected_now - of_payments - of_orders AS apart, read_at IS NULL AS is_opening,
         coalesce(begun_at < doubted_at + interval '4 seconds', false) AS too_soon,
         coalesce(read_at, begun_at)::text AS agreed_at,
         json_build_object('venue', venue, 'currency', currency, 'total', total::text, 'expected', expected_now::text, 'agreed_before_at', read_at,
           'opening', opening::text, 'opened_at', opened_at, 'risen', risen::text, 'paid_since', gone::text,
           'payments_under_way', json_build_object('count', payments, 'amount', of_payments::text),
           'orders_under_way', json_build_object('count', orders, 'amount', of_orders::text)) AS evidence
    FROM judged ORDER BY venue, currency`;

const JUDGED = `json_to_recordset($1::json) AS r(venue text, currency text, total numeric, expected numeric, apart boolean, begun_at timestamptz, agreed_at timestamptz, evidence json)`;

/**
 * Stores compared readings. A rise is a deposit; after a difference, the finding names the rest.
 */
const KEEP_BALANCES = `
  INSERT INTO venue_balance AS b (venue, currency, opening, opened_at, total, expected, read_at)
  SELECT venue, currency, total, begun_at, total, expected, begun_at FROM ${JUDGED} ORDER BY venue, currency
  ON CONFLICT (venue, currency) DO UPDATE
    SET total = EXCLUDED.total, read_at = EXCLUDED.read_at, doubted_at = NULL,
        risen = b.risen + greatest(EXCLUDED.total - EXCLUDED.expected, 0),
        expected = CASE WHEN (SELECT r.apart FROM ${JUDGED} WHERE r.venue = b.venue AND r.currency = b.currency) THEN EXCLUDED.total
                        ELSE greatest(EXCLUDED.expected, EXCLUDED.total) END`;

/** The first deviating reading may be an error of the venue. */
const DOUBT = `
  UPDATE venue_balance b SET doubted_at = r.begun_at FROM ${JUDGED} WHERE b.venue = r.venue AND b.currency = r.currency`;

/** The later fact lies between the last agreeing reading and this reading. */
const FIND_APART = `
  INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
  SELECT 'balance_apart', 'venue', venue, venue || ' ' || currency || ' ' || to_char(begun_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), evidence, agreed_at
    FROM ${JUDGED} WHERE apart ORDER BY venue, currency
  ON CONFLICT DO NOTHING`;
