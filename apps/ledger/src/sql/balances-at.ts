import type { Database } from '@sluice/postgres';
import { CLOSED_UNPAID_STATES, PLACED } from './hold-state-sql.js';
import type { IdRange, Query } from './id-ranges.js';

/** Time used to select entries: time of booking, or effective time. */
export type TimeKind = 'recorded' | 'effective';

interface SumRow {
  asset: string;
  posted: string;
  held: string;
}

/**
 * Balances at a moment, inclusive: present, minus later entries, plus holds open then. Exact after
 * all transactions of the moment have ended. An asset not yet received has no row.
 */
export function customerBalancesAt(
  database: Pick<Database, 'query'>,
  accountId: string,
  at: string,
  by: TimeKind,
): Promise<SumRow[]> {
  return database.query<SumRow>(customerAt(by), [accountId, at]);
}

/** The lines `p` of an entry `e`. */
export const LINES = 'unnest(e.accounts, e.assets, e.amounts) AS p(account, asset, amount)';

export function customerAt(by: TimeKind): string {
  const { LATER, BY_THEN } = COUNTED[by];
  return `
  WITH since AS MATERIALIZED (
    SELECT * FROM journal_entry WHERE account_id = $1 AND recorded_at > $2::timestamptz
  ), parts AS (
    SELECT asset, posted, 0::numeric AS held FROM balance WHERE account_id = $1
    UNION ALL
    SELECT p.asset, -p.amount, 0 FROM (${LATER}) AS e, ${LINES} WHERE p.account = 'customer:' || $1::uuid
    UNION ALL
    SELECT asset, 0, amount FROM hold WHERE account_id = $1 AND state = ${PLACED} AND decided_at <= $2::timestamptz
    UNION ALL
    SELECT asset, 0, amount FROM hold
     WHERE account_id = $1 AND state IN (${CLOSED_UNPAID_STATES}) AND decided_at <= $2::timestamptz AND closed_at > $2::timestamptz
    UNION ALL
    SELECT h.asset, 0, h.amount FROM since e JOIN hold h ON h.withdrawal_id = e.withdrawal_id AND h.entry_id = e.id
     WHERE e.kind = 'capture' AND h.decided_at <= $2::timestamptz
  ), sums AS (
    SELECT asset, sum(posted) AS posted, sum(held) AS held FROM parts GROUP BY asset
  )
  SELECT asset, posted, held FROM sums s
   WHERE posted <> 0 OR held <> 0
      OR EXISTS (SELECT FROM checkpoint_balance c WHERE c.account = 'customer:' || $1::uuid AND c.asset = s.asset)
      OR EXISTS (SELECT FROM journal_entry e, ${LINES}
                  WHERE e.account_id = $1 AND ${BY_THEN} AND p.account = 'customer:' || $1::uuid AND p.asset = s.asset)
   ORDER BY asset`;
}

/** SQL of entries after, and up to the moment, by kind of time. */
const COUNTED = {
  recorded: { LATER: 'SELECT * FROM since', BY_THEN: 'e.recorded_at <= $2::timestamptz' },
  effective: {
    LATER: `
      SELECT * FROM since WHERE effective_at IS NULL OR effective_at > $2::timestamptz
      UNION ALL
      SELECT * FROM journal_entry WHERE account_id = $1 AND effective_at > $2::timestamptz AND recorded_at <= $2::timestamptz`,
    BY_THEN: 'coalesce(e.effective_at, e.recorded_at) <= $2::timestamptz',
  },
} as const;

interface FoldedSumRow {
  readonly account: string;
  readonly asset: string;
  readonly sum: string;
}

/** Posted sums as text, by a key such as `account asset`. */
export type Sums = Map<string, string>;

/** Sums of all postings; those of detached partitions come from the newest checkpoint. */
export async function foldPostings(query: Query, ranges: readonly IdRange[]): Promise<Sums> {
  const sums = await checkpointSums(query);
  for (const { from, to } of ranges)
    add(
      sums,
      await query<FoldedSumRow>(
        `${SUM} WHERE entry_id >= $1 AND entry_id < $2 GROUP BY account, asset`,
        [from, to],
      ),
    );
  return sums;
}

interface DaySumRow {
  /** Account, kind of time, day and asset, as JSON. */
  readonly key: string;
  readonly sum: string;
}

/** Columns of the sums of all postings to shared accounts: account, kind of time, day, asset, sum. */
export async function foldDays(query: Query, ranges: readonly IdRange[]): Promise<string[][]> {
  const sums: Sums = new Map();
  for (const { from, to } of ranges)
    for (const { key, sum } of await query<DaySumRow>(DAYS, [from, to]))
      sums.set(key, addDecimals(sums.get(key) ?? '0', sum));
  const rows = [...sums].map(([key, sum]) => [...(JSON.parse(key) as string[]), sum]);
  return [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column] ?? ''));
}

const DAYS = `
  SELECT json_build_array(p.account, t.by, (t.at AT TIME ZONE 'UTC')::date, p.asset)::text AS key, sum(p.amount)::text AS sum
    FROM journal_entry e, ${LINES},
         LATERAL (VALUES ('recorded', e.recorded_at), ('effective', coalesce(e.effective_at, e.recorded_at))) AS t(by, at)
   WHERE e.id >= $1 AND e.id < $2 AND p.account NOT LIKE 'customer:%' GROUP BY 1`;

/** Returns the sums of all partitions before the newest checkpoint. */
export async function checkpointSums(query: Query): Promise<Sums> {
  const sums: Sums = new Map();
  add(
    sums,
    await query<FoldedSumRow>(
      'SELECT account, asset, sum::text AS sum FROM checkpoint_balance WHERE until = (SELECT until FROM checkpoint ORDER BY until DESC LIMIT 1)',
    ),
  );
  return sums;
}

const SUM = 'SELECT account, asset, sum(amount)::text AS sum FROM posting';

export function add(sums: Sums, rows: readonly FoldedSumRow[]): void {
  for (const { account, asset, sum } of rows) {
    const key = `${account} ${asset}`;
    sums.set(key, addDecimals(sums.get(key) ?? '0', sum));
  }
}

export function sumColumns(sums: Sums): string[][] {
  const rows = [...sums].map(([key, amount]) => [...key.split(' '), amount]);
  return [0, 1, 2].map((column) => rows.map((row) => row[column] ?? ''));
}

const PLAIN = /^(-?)(\d+)(?:\.(\d*))?$/;

/**
 * Exact sum of two PostgreSQL numerics in the shortest text, `NaN` without a finite number. Never
 * throws: one corrupt row must not end a report.
 */
export function addDecimals(a: string, b: string): string {
  const [left, right] = [PLAIN.exec(a), PLAIN.exec(b)];
  if (!left || !right) return 'NaN';
  const scale = Math.max(left[3]?.length ?? 0, right[3]?.length ?? 0);
  return textOf(unitsOf(left, scale) + unitsOf(right, scale), scale);
}

export function negateDecimal(text: string): string {
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

function unitsOf([, sign, whole = '', decimals = '']: RegExpExecArray, scale: number): bigint {
  const units = BigInt(whole + decimals.padEnd(scale, '0'));
  return sign ? -units : units;
}

function textOf(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const [whole, decimals] = [digits.slice(0, digits.length - scale), digits.slice(-scale)];
  const shortest = scale === 0 ? '' : decimals.replace(/(?<!0)0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${shortest && `.${shortest}`}`;
}
