import type { EntryDto, PostingDto } from '@sluice/admin-api';
import { amount, plain, when } from './columns.js';
import type { Column } from './table.js';

type PostingLine = PostingDto & Pick<EntryDto, 'recorded_at' | 'kind' | 'entry_id'>;

export const POSTINGS: readonly Column<PostingLine>[] = [
  when('recorded_at', 'recorded'),
  plain('kind'),
  plain('account'),
  plain('asset'),
  amount('amount'),
  plain('entry_id', 'entry'),
];

/** Returns a line per posting; the fields common to an entry appear only on the first line. */
export function postingsOf(entries: readonly EntryDto[]): readonly PostingLine[] {
  return entries.flatMap(({ recorded_at, kind, entry_id, postings }) =>
    postings.map((posting, index) => ({
      ...posting,
      ...(index === 0
        ? { recorded_at, kind, entry_id }
        : { recorded_at: ' ', kind: ' ', entry_id: ' ' }),
    })),
  );
}
