import type { HaltDto, WithdrawalRowDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { readOf } from '../../../api/queries.js';
import { intake } from '../../../api/services.js';
import { Amount } from '../../../components/amount.js';
import { DataTable, type TableColumn } from '../../../components/data-table.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { StateBadge } from '../../../components/state-badge.js';
import { Age } from '../../../components/time.js';
import { OPEN_STATES } from '../../../format/states.js';
import { haltedFilter } from './halted-filter.js';

const MOST = 50;

const COLUMNS: readonly TableColumn<WithdrawalRowDto>[] = [
  {
    id: 'number',
    name: 'Number',
    isRowHeader: true,
    cell: ({ number }) => (
      <Link to="/withdrawals/$ref" params={{ ref: number }}>
        {number}
      </Link>
    ),
  },
  { id: 'state', name: 'State', cell: ({ state }) => <StateBadge state={state} /> },
  {
    id: 'amount',
    name: 'Amount',
    isRight: true,
    cell: ({ amount, currency, network }) => (
      <Amount value={amount} unit={`${currency}.${network}`} />
    ),
  },
  { id: 'age', name: 'Age', cell: ({ requested_at: at }) => <Age since={at} /> },
];

/** Open withdrawals that the halt can hold back. */
export function WaitingBehind({
  service,
  halt,
}: {
  readonly service: string;
  readonly halt: HaltDto;
}): ReactNode {
  const filter = haltedFilter(service, halt);
  const query = useQuery(
    readOf(intake.withdrawals({ ...filter, state: OPEN_STATES, limit: MOST })),
  );
  return (
    <Panel
      title="What waits behind it"
      aside={
        <Link to="/withdrawals" search={{ ...filter, state: OPEN_STATES.join(',') }}>
          All of them
        </Link>
      }
      isFlush
    >
      <Reading query={query} what="The open withdrawals of the scope">
        {({ data, next_cursor: next }) => (
          <>
            <DataTable
              label="Open withdrawals of the scope"
              columns={COLUMNS}
              rows={data}
              keyOf={({ id }) => id}
              empty={
                next === null ? 'No open withdrawal is in its scope.' : 'None among the newest.'
              }
            />
            {next !== null && <p className="table-empty muted">There are more.</p>}
          </>
        )}
      </Reading>
    </Panel>
  );
}
