import type { EntryDto } from '@sluice/http-api';
import type { Style } from './text.js';
import { table } from './table.js';

/** A line per posting; the fields common to an entry appear only on the first line. */
export function postingTable(entries: readonly EntryDto[], style: Style, empty: string): string {
  const lines = entries.flatMap(({ recorded_at, kind, entry_id, postings }) =>
    postings.map((posting, index) => ({
      ...posting,
      ...(index === 0
        ? { recorded_at, kind, entry_id }
        : { recorded_at: ' ', kind: ' ', entry_id: ' ' }),
    })),
  );
  return table(
    'recorded_at as recorded, kind, account, asset, amount:right, entry_id as entry',
    lines,
    style,
    empty,
  );
}
