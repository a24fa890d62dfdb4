import { rowsIn, type Row } from '../row.js';
import { amount, plain, when } from './columns.js';
import type { Column } from './table.js';

export const POSTINGS: readonly Column[] = [
  when('recorded_at', 'recorded'),
  plain('kind'),
  plain('account'),
  plain('asset'),
  amount('amount'),
  plain('entry_id', 'entry'),
];

/** One line per posting; what an entry's lines share stands on the first. */
export function postingsOf(entries: readonly Row[]): Row[] {
  return entries.flatMap((entry) =>
    rowsIn(entry, 'postings').map((posting, index) => ({
      ...posting,
      recorded_at: index === 0 ? entry['recorded_at'] : ' ',
      kind: index === 0 ? entry['kind'] : ' ',
      entry_id: index === 0 ? entry['entry_id'] : ' ',
    })),
  );
}
