import type { UseQueryResult } from '@tanstack/react-query';
import type { EntryDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { Amount } from '../../components/amount.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { Time } from '../../components/time.js';
import { stateName } from '../../format/states.js';

type Line = EntryDto['postings'][number] & { readonly entry: EntryDto; readonly at: number };

const COLUMNS: readonly TableColumn<Line>[] = [
  {
    id: 'booked',
    name: 'Booked',
    cell: ({ entry, at }) => (at === 0 ? <Time at={entry.recorded_at} isExact /> : null),
  },
  { id: 'kind', name: 'Kind', cell: ({ entry, at }) => (at === 0 ? stateName(entry.kind) : null) },
  { id: 'account', name: 'Account', isRowHeader: true, cell: ({ account }) => account },
  {
    id: 'amount',
    name: 'Amount',
    isRight: true,
    cell: ({ amount, asset }) => <Amount value={amount} unit={asset} />,
  },
  {
    id: 'entry',
    name: 'Entry',
    cell: ({ entry, at }) => (at === 0 ? <code>{entry.entry_id}</code> : null),
  },
];

/** Journal entries about a withdrawal, with a line per posting. */
export function Entries({
  query,
}: {
  readonly query: UseQueryResult<readonly EntryDto[]>;
}): ReactNode {
  return (
    <Panel title="Journal entries" isFlush>
      <Reading query={query} what="The journal entries">
        {(entries) => (
          <DataTable
            label="Journal entries"
            columns={COLUMNS}
            rows={entries.flatMap((entry) =>
              entry.postings.map((posting, at) => ({ ...posting, entry, at })),
            )}
            keyOf={({ entry, at }) => `${entry.entry_id} ${at}`}
            empty="Nothing was booked."
          />
        )}
      </Reading>
    </Panel>
  );
}
