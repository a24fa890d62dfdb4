import { addDecimals } from './decimal-text.js';
import type { Query, IdRange } from './id-ranges.js';

interface SumRow {
  readonly account: string;
  readonly asset: string;
  readonly sum: string;
}

/**
 * Posted sums as text, keyed by `account asset`. The size grows with the accounts, not with the
 * entries.
 */
export type Sums = Map<string, string>;

/**
 * Returns the sums of all postings. Sums of detached partitions come from the newest checkpoint.
 */
export async function foldPostings(query: Query, ranges: readonly IdRange[]): Promise<Sums> {
  const sums = await checkpointSums(query);
  for (const { from, to } of ranges)
    add(
      sums,
      await query<SumRow>(`${SUM} WHERE entry_id >= $1 AND entry_id < $2 GROUP BY account, asset`, [
        from,
        to,
      ]),
    );
  return sums;
}

/** Returns the sums of all partitions before the newest checkpoint. */
export async function checkpointSums(query: Query): Promise<Sums> {
  const sums: Sums = new Map();
  add(
    sums,
    await query<SumRow>(
      'SELECT account, asset, sum::text AS sum FROM checkpoint_balance WHERE until = (SELECT until FROM checkpoint ORDER BY until DESC LIMIT 1)',
    ),
  );
  return sums;
}

const SUM = 'SELECT account, asset, sum(amount)::text AS sum FROM posting';

export function add(sums: Sums, rows: readonly SumRow[]): void {
  for (const { account, asset, sum } of rows) {
    const key = `${account} ${asset}`;
    sums.set(key, addDecimals(sums.get(key) ?? '0', sum));
  }
}

/** Accounts, assets and sums, for `unnest`. */
export function sumColumns(sums: Sums): string[][] {
  const rows = [...sums].map(([key, amount]) => [...key.split(' '), amount]);
  return [0, 1, 2].map((column) => rows.map((row) => row[column] ?? ''));
}
