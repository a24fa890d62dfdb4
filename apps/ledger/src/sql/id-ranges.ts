export type Query = <R extends object>(sql: string, params?: readonly unknown[]) => Promise<R[]>;

/** Ids from `from` up to, but not including, `to`. */
export interface IdRange {
  readonly from: string;
  readonly to: string;
}

export const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
export const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const ROWS = 100_000;

/** Cuts the whole id space into adjoining ranges of at most `rows` rows each, read from the primary key alone. */
export async function idRanges(
  query: Query,
  table: 'journal_entry' | 'hold',
  column: 'id' | 'withdrawal_id',
  rows = ROWS,
): Promise<IdRange[]> {
  const ranges: IdRange[] = [];
  for (let from = LOWEST_ID; ;) {
    const [next] = await query<{ id: string }>(
      `SELECT ${column} AS id FROM ${table} WHERE ${column} >= $1 ORDER BY ${column} OFFSET ${rows} LIMIT 1`,
      [from],
    );
    const to = next?.id ?? HIGHEST_ID;
    ranges.push({ from, to });
    if (!next) return ranges;
    from = to;
  }
}
