import { Link } from '@tanstack/react-router';
import type { WithdrawalCountsDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { Amount } from '../../components/amount.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { StateBadge } from '../../components/state-badge.js';
import { Age, Time } from '../../components/time.js';
import { durationText } from '../../time/ages.js';

type StateCount = WithdrawalCountsDto['states'][number];

const COLUMNS: readonly TableColumn<StateCount>[] = [
  {
    id: 'state',
    name: 'State',
    isRowHeader: true,
    cell: ({ state }) => (
      <Link to="/withdrawals" search={{ state }}>
        <StateBadge state={state} />
      </Link>
    ),
  },
  { id: 'count', name: 'Count', isRight: true, cell: ({ count }) => count },
  {
    id: 'oldest',
    name: 'Longest without a change',
    isRight: true,
    cell: ({ oldest_since: since }) => <Age since={since} />,
  },
  {
    id: 'amounts',
    name: 'Amounts',
    isRight: true,
    cell: ({ assets }) => (
      <ul className="plain-list">
        {assets.map(({ asset, amount }) => (
          <li key={asset}>
            <Amount value={amount} unit={asset} />
          </li>
        ))}
      </ul>
    ),
  },
  {
    id: 'ages',
    name: 'By time without a change',
    cell: ({ ages }) => (
      <ul className="chips">
        {ages.flatMap(({ up_to_seconds: end, count }, at) =>
          count === 0
            ? []
            : [
                <li key={at} className="badge">
                  {end === null ? 'longer' : `up to ${durationText(end * 1_000)}`}: {count}
                </li>,
              ],
        )}
      </ul>
    ),
  },
];

/** Withdrawals in which money may still move, by state. */
export function InFlight({ counts }: { readonly counts: WithdrawalCountsDto }): ReactNode {
  return (
    <>
      <DataTable
        label="Money in flight"
        columns={COLUMNS}
        rows={counts.states}
        keyOf={({ state }) => state}
        empty="No withdrawal is under way."
      />
      <p className="small muted panel-note">
        Counted <Time at={counts.counted_at} />
        {!counts.complete && '; there are more than were counted'}
      </p>
    </>
  );
}
