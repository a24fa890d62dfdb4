/** Kind of rows in both databases: `id`, and the text of every compared value. */
export interface ComparedKind {
  readonly name: string;
  /**
   * `$1`, `$2`: begin and end of the compared time; `$3`: accounts that moved after the end; `$4`: end
   * for payments of the wallet.
   */
  readonly sql: string;
  /**
   * `both`: a row missing on one side is a difference. `recomputed`: each recomputed row must be
   * stored; the auditor may have further rows. `common`: only rows of both sides are compared.
   */
  readonly missing: 'both' | 'recomputed' | 'common';
}

/** A check of the past instead of the present has no such finding. */
const RECOMPUTABLE = `kind IN ('payment_without_order', 'paid_otherwise', 'paid_twice', 'released_but_paid', 'captured_without_payment', 'released_without_proof', 'head_went_back')`;

/** Each statement refers to all parameters. */
const IS_GIVEN = '$3::uuid[] IS NOT NULL AND $4::timestamptz <= $2::timestamptz';
const endOf = (venue: string): string =>
  `CASE WHEN ${venue} = 'wallet' THEN $4::timestamptz ELSE $2::timestamptz END`;

export const COMPARED: readonly ComparedKind[] = [
  {
    name: 'holds',
    sql: `SELECT withdrawal_id::text AS id, concat_ws('|', account_id, asset, trim_scale(amount), digest, CASE WHEN ended_at < $2 THEN state || ' ' || coalesce(venue, '') ELSE 'placed' END) AS text
            FROM audited_hold WHERE placed_at >= $1::timestamptz AND placed_at < $2::timestamptz AND ${IS_GIVEN}`,
    missing: 'both',
  },
  {
    name: 'orders',
    sql: `SELECT withdrawal_id || ' ' || venue AS id, concat_ws('|', asset, trim_scale(amount), destination, client_reference) AS text
            FROM audited_order WHERE ordered_at >= $1::timestamptz AND ordered_at < $2::timestamptz AND ${IS_GIVEN}`,
    missing: 'both',
  },
  {
    name: 'statements that nothing was paid',
    sql: `SELECT withdrawal_id || ' ' || venue AS id, coalesce(digest, '') AS text
            FROM audited_refusal WHERE refused_at >= $1::timestamptz AND refused_at < $2::timestamptz AND ${IS_GIVEN}`,
    missing: 'both',
  },
  {
    name: 'movements',
    sql: `SELECT entry_id || ' ' || account_id AS id, concat_ws('|', asset, trim_scale(amount), kind) AS text
            FROM (SELECT entry_id, account_id, asset, amount, kind FROM audited_movement
                   UNION ALL
                  SELECT entry_id, account_id, asset, -debited, 'capture' FROM audited_hold WHERE entry_id IS NOT NULL) m
           WHERE $1::timestamptz < $2::timestamptz AND ${IS_GIVEN}`,
    missing: 'common',
  },
  {
    name: 'balances',
    sql: `SELECT a.account_id || ' ' || asset AS id, concat_ws('|', trim_scale(balance), trim_scale(
              (SELECT coalesce(sum(h.amount), 0) FROM audited_hold h WHERE h.account_id = a.account_id AND h.asset = a.asset AND h.state = 'placed'))) AS text
            FROM audited_account a JOIN audited_opening o ON o.account_id = a.account_id
           WHERE $1::timestamptz < $2::timestamptz AND a.account_id <> ALL ($3::uuid[]) AND $4::timestamptz <= $2::timestamptz`,
    missing: 'recomputed',
  },
  {
    name: 'heads of the ledger',
    sql: `SELECT shard || ' ' || sequence AS id, hash AS text
            FROM audited_head WHERE $1::timestamptz < $2::timestamptz AND ${IS_GIVEN}`,
    missing: 'common',
  },
  {
    name: 'payments',
    sql: `SELECT venue || ' ' || venue_reference AS id, concat_ws('|', currency, trim_scale(net), trim_scale(gross), destination, client_reference) AS text
            FROM venue_payment WHERE created_at >= $1::timestamptz AND created_at < ${endOf('venue')} AND ${IS_GIVEN}`,
    missing: 'both',
  },
  {
    name: 'findings',
    sql: `SELECT kind || ' ' || subject AS id, concat_ws('|', scope, target) AS text
            FROM finding WHERE ${RECOMPUTABLE} AND fact_at >= $1::timestamptz AND fact_at < ${endOf('target')} AND ${IS_GIVEN}`,
    missing: 'recomputed',
  },
];

/** Accounts of the auditor with facts read after `$1`. */
export const MOVED_LATER = `
  SELECT DISTINCT account_id FROM audited_movement WHERE seen_at >= $1
   UNION
  SELECT DISTINCT account_id FROM audited_hold WHERE seen_at >= $1 OR ended_seen_at >= $1`;
