import type { Database } from '@sluice/postgres';
import { ORDERS, PAYMENTS } from '../writes/audited-rows.js';

type Queries = Pick<Database, 'query'>;

export interface KindResult {
  readonly kind: string;
  readonly recomputed: number;
  readonly stored: number;
  /** Ids of the rows that differ, with the difference. */
  readonly differences: readonly string[];
}

interface Bucket {
  readonly bucket: number;
  readonly rows: number;
  readonly sum: string;
}

interface FactRow {
  readonly id: string;
  readonly text: string;
}

interface ComparedTime {
  readonly from: Date;
  readonly until: Date;
  /** End for payments of the wallet: the newest final block is older than the newest fact. */
  readonly walletUntil: Date;
}

export interface Sides<Recomputed = Database> {
  readonly recomputed: Recomputed;
  readonly stored: Queries;
}

const BUCKET = '(hashtextextended(id, 1) & 4095)::int';

/**
 * Compares recomputed with stored rows, by sums of hashes in buckets; reads only different buckets.
 */
export async function compareFacts(
  sides: Sides<Queries>,
  { from, until, walletUntil }: ComparedTime,
): Promise<readonly KindResult[]> {
  const moved = await sides.stored.query<{ account_id: string }>(MOVED_LATER, [until]);
  const params = [from, until, moved.map(({ account_id: id }) => id), walletUntil];
  const results: KindResult[] = [];
  for (const kind of COMPARED) results.push(await compareKind(kind, sides, params));
  return results;
}

async function compareKind(
  kind: ComparedKind,
  { recomputed, stored }: Sides<Queries>,
  params: readonly unknown[],
): Promise<KindResult> {
  const [mine, theirs] = [
    await bucketsOf(recomputed, kind, params),
    await bucketsOf(stored, kind, params),
  ];
  const differing = [...new Set([...mine.keys(), ...theirs.keys()])].filter(
    (bucket) => mine.get(bucket)?.sum !== theirs.get(bucket)?.sum,
  );
  const rows = async (database: Queries) =>
    new Map(
      (await rowsOf(database, kind, [...params, differing])).map(({ id, text }) => [id, text]),
    );
  const differences =
    differing.length === 0
      ? []
      : differencesOf(kind.missing, await rows(recomputed), await rows(stored));
  return { kind: kind.name, recomputed: total(mine), stored: total(theirs), differences };
}

/** Names each row that differs. Rows on one side only count as `missing` says. */
export function differencesOf(
  missing: ComparedKind['missing'],
  recomputed: ReadonlyMap<string, string>,
  stored: ReadonlyMap<string, string>,
): readonly string[] {
  const ids = [...new Set([...recomputed.keys(), ...stored.keys()])].sort();
  return ids.flatMap((id) => {
    const [mine, theirs] = [recomputed.get(id), stored.get(id)];
    if (mine === theirs) return [];
    if (theirs === undefined)
      return missing === 'common' ? [] : [`${id}: recomputed, and the auditor does not have it`];
    if (mine === undefined)
      return missing === 'both' ? [`${id}: the auditor has it, and it is not recomputed`] : [];
    return [`${id}: recomputed ${mine}, the auditor has ${theirs}`];
  });
}

async function bucketsOf(
  database: Queries,
  { sql }: ComparedKind,
  params: readonly unknown[],
): Promise<ReadonlyMap<number, Bucket>> {
  const buckets = await database.query<Bucket>(
    `WITH rows AS (${sql})
     SELECT ${BUCKET} AS bucket, count(*)::int AS rows, sum(hashtextextended(id || '|' || text, 7)::numeric)::text AS sum FROM rows GROUP BY 1`,
    [...params],
  );
  return new Map(buckets.map((one) => [one.bucket, one]));
}

function rowsOf(
  database: Queries,
  { sql }: ComparedKind,
  params: readonly unknown[],
): Promise<FactRow[]> {
  return database.query<FactRow>(
    `WITH rows AS (${sql}) SELECT id, text FROM rows WHERE ${BUCKET} = ANY ($5::int[])`,
    [...params],
  );
}

function total(buckets: ReadonlyMap<number, Bucket>): number {
  return [...buckets.values()].reduce((sum, { rows }) => sum + rows, 0);
}

/** Kind of rows in both databases: `id`, and the text of every compared value. */
interface ComparedKind {
  readonly name: string;
  /**
   * `$1`, `$2`: compared time; `$3`: accounts that moved later; `$4`: end for payments of the
   * wallet.
   */
  readonly sql: string;
  /**
   * `both`: each side must have the row. `recomputed`: the auditor may have more. `common`:
   * compares shared rows.
   */
  readonly missing: 'both' | 'recomputed' | 'common';
}

/** A check of the past instead of the present has no such finding. */
const RECOMPUTABLE = `kind IN ('payment_without_order', 'paid_otherwise', 'paid_twice', 'released_but_paid', 'captured_without_payment', 'released_without_proof', 'head_went_back')`;

/** Each statement refers to all parameters. */
const IS_GIVEN = '$3::uuid[] IS NOT NULL AND $4::timestamptz <= $2::timestamptz';
const endOf = (venue: string): string =>
  `CASE WHEN ${venue} = 'wallet' THEN $4::timestamptz ELSE $2::timestamptz END`;

const COMPARED: readonly ComparedKind[] = [
  {
    name: 'holds',
    sql: `SELECT withdrawal_id::text AS id, concat_ws('|', account_id, asset, trim_scale(amount), digest, CASE WHEN ended_at < $2 THEN state || ' ' || coalesce(venue, '') ELSE 'placed' END) AS text
            FROM audited_withdrawal WHERE placed_at >= $1::timestamptz AND placed_at < $2::timestamptz AND ${IS_GIVEN}`,
    missing: 'both',
  },
  {
    name: 'orders',
    sql: `SELECT withdrawal_id || ' ' || venue AS id, concat_ws('|', asset, trim_scale(amount), destination, client_reference) AS text
            FROM ${ORDERS} o WHERE ordered_at >= $1::timestamptz AND ordered_at < $2::timestamptz AND ${IS_GIVEN}`,
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
                  SELECT entry_id, account_id, asset, -debited, 'capture' FROM audited_withdrawal WHERE entry_id IS NOT NULL) m
           WHERE $1::timestamptz < $2::timestamptz AND ${IS_GIVEN}`,
    missing: 'common',
  },
  {
    name: 'balances',
    sql: `SELECT a.account_id || ' ' || asset AS id, concat_ws('|', trim_scale(balance), trim_scale(held), trim_scale(
              (SELECT coalesce(sum(h.amount), 0) FROM audited_withdrawal h WHERE h.account_id = a.account_id AND h.asset = a.asset AND h.state = 'placed'))) AS text
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
            FROM ${PAYMENTS} p WHERE created_at >= $1::timestamptz AND created_at < ${endOf('venue')} AND ${IS_GIVEN}`,
    missing: 'both',
  },
  {
    name: 'findings',
    sql: `SELECT kind || ' ' || subject AS id, concat_ws('|', scope, target) AS text
            FROM finding WHERE ${RECOMPUTABLE} AND fact_at >= $1::timestamptz AND fact_at < ${endOf('target')} AND ${IS_GIVEN}`,
    missing: 'recomputed',
  },
];

const MOVED_LATER = `
  SELECT DISTINCT account_id FROM audited_movement WHERE seen_at >= $1
   UNION
  SELECT DISTINCT account_id FROM audited_withdrawal WHERE seen_at >= $1 OR ended_seen_at >= $1`;
