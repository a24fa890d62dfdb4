import { OF_DISPUTE_SQL } from '../cases/open-cases.js';

/** Unit of a venue balance: a currency, or an asset if $4 is true. */
const CURRENCY = "(CASE WHEN $4::boolean THEN s.asset ELSE split_part(s.asset, '.', 1) END)";
const LARGEST_FEE = `coalesce(s.venue_fee, ($3::jsonb ->> ${CURRENCY})::numeric, s.gross)`;

/**
 * Amount that left the account. Some venues take the fee out of `gross`; at the others the fee is
 * added to the amount.
 */
const GONE = 'greatest(s.gross, s.amount + coalesce(s.venue_fee, 0))';

/** End of the period already counted, by balance; `exactly` in microseconds. */
export const COUNTED_TO =
  'SELECT currency, counted_to, counted_to::text AS exactly FROM venue_balance';

/**
 * Judges balance readings begun at $2. $1: currency, total, and other spending: `gone` for certain
 * since the last count, or `under_way`; `counted_to` before the reading.
 *
 * Two instances may read at the same time. A reading is `overtaken` if another was stored after it
 * began: the payments in between would be deducted twice.
 *
 * A payment settled two minutes before the reading has left the balance. These payments may have
 * left the balance or not:
 * - payments not ended, or ended later
 * - payments with a look-up before the next send: the venue has answered "not sent", or a process
 *   that ended may have sent the payment. Without a stored claim, `gross` is null
 * - unclaimed records; each has a break of its own
 *
 * `expected` is the balance without these payments, `least` the balance with all of them deducted.
 */
export const JUDGE_BALANCES = `
  WITH given AS (SELECT * FROM json_to_recordset($1::json) AS g(currency text, total numeric, gone numeric, under_way numeric, counted_to timestamptz)),
  prior AS (SELECT b.* FROM venue_balance b JOIN given USING (currency) ORDER BY currency FOR UPDATE OF b),
  cut AS (SELECT $2::timestamptz - interval '2 minutes' AS at),
  certain AS (
    SELECT p.currency, sum(${GONE}) AS gone
      FROM prior p, cut, submission s
     WHERE s.state = 'settled' AND s.finished_at > (SELECT min(counted_to) FROM prior) AND s.finished_at > p.counted_to AND s.finished_at <= cut.at AND ${CURRENCY} = p.currency
     GROUP BY 1),
  under_way AS (
    SELECT currency, sum(gross) AS gross FROM (
      SELECT ${CURRENCY} AS currency, s.gross + ${LARGEST_FEE} AS gross FROM submission s
       WHERE s.state IN ('sending','refusing','repeating','unknown','undecided','accepted') AND s.gross IS NOT NULL
      UNION ALL
      SELECT ${CURRENCY}, coalesce(s.gross, s.amount) + coalesce(${LARGEST_FEE}, s.amount) FROM submission s WHERE s.state = 'prepared' AND s.lookup_first
      UNION ALL
      SELECT ${CURRENCY}, s.gross + ${LARGEST_FEE} FROM submission_case c JOIN submission s ON s.withdrawal_id = c.withdrawal_id AND s.state = 'disputed'
       WHERE c.kind ${OF_DISPUTE_SQL} AND s.gross IS NOT NULL
      UNION ALL
      SELECT ${CURRENCY}, s.gross + ${LARGEST_FEE} FROM submission s, cut WHERE s.finished_at > cut.at AND s.gross IS NOT NULL
      UNION ALL
      SELECT p.currency, 2 * u.gross::numeric FROM unclaimed_record u JOIN prior p ON p.currency = split_part(u.amount_key, ' ', 1)
       WHERE u.closed_at IS NULL AND u.gross ~ '^[0-9]{1,30}([.][0-9]{1,30})?$' AND u.created_at > p.exact_at - interval '2 minutes') AS moving
     GROUP BY 1),
  judged AS (
    SELECT g.currency, g.total, coalesce(p.expected - coalesce(c.gone, 0) - g.gone, g.total) AS expected, coalesce(u.gross, 0) + g.under_way AS under_way,
           p.counted_to IS DISTINCT FROM g.counted_to AS overtaken
      FROM given g LEFT JOIN prior p USING (currency) LEFT JOIN certain c USING (currency) LEFT JOIN under_way u USING (currency))
  SELECT currency, total::text, expected::text, (expected - under_way)::text AS least, total < expected - under_way AS apart, overtaken
    FROM judged ORDER BY currency`;

/**
 * Stores the judged rows ($1). An excess is recorded as a deposit. If a balance is apart, the read
 * total becomes the expected balance, since the break names the difference.
 */
export const KEEP_BALANCES = `
  WITH given AS (SELECT * FROM json_to_recordset($1::json) AS g(currency text, total numeric, expected numeric, least numeric, apart boolean)),
  next AS (
    SELECT currency, total, CASE WHEN apart OR total > expected THEN total ELSE least(expected, total + (expected - least)) END AS expected,
           apart OR total >= expected OR expected = least AS exact
      FROM given),
  deposit AS (
    INSERT INTO venue_deposit (currency, amount)
    SELECT g.currency, g.total - g.expected FROM given g JOIN venue_balance b USING (currency) WHERE g.total > g.expected
    RETURNING currency)
  INSERT INTO venue_balance AS b (currency, total, expected, counted_to, exact_at, read_at)
  SELECT currency, total, expected, $2::timestamptz - interval '2 minutes', $2::timestamptz, $2::timestamptz FROM next ORDER BY currency
  ON CONFLICT (currency) DO UPDATE
    SET total = EXCLUDED.total, expected = EXCLUDED.expected, counted_to = EXCLUDED.counted_to, read_at = EXCLUDED.read_at,
        exact_at = CASE WHEN (SELECT n.exact FROM next n WHERE n.currency = b.currency) THEN EXCLUDED.exact_at ELSE b.exact_at END`;
