import type { LedgerBalanceDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { DataTable } from '../components/data-table.js';
import { column } from './columns.js';
import type { FilterField } from './filter-form.js';
import { Sum } from './values.js';

const COLUMNS = [
  column<LedgerBalanceDto>('Asset', ({ asset }) => asset, 'head'),
  column<LedgerBalanceDto>('Booked', ({ posted }) => <Sum value={posted} />, 'right'),
  column<LedgerBalanceDto>('Held', ({ held }) => <Sum value={held} />, 'right'),
  column<LedgerBalanceDto>('Available', ({ available }) => <Sum value={available} />, 'right'),
];

export function BalanceTable({
  rows,
  empty,
}: {
  readonly rows: readonly LedgerBalanceDto[];
  readonly empty: string;
}): ReactNode {
  return (
    <DataTable
      label="Balances"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ asset }) => asset}
      empty={empty}
    />
  );
}

/** Fields of the time of balances; `momentIn` reads them. */
export const MOMENT_FIELDS: readonly FilterField[] = [
  { name: 'at', label: 'At (UTC), empty: now', placeholder: '2026-11-20T08:00:00Z' },
  {
    name: 'by',
    label: 'By the time of',
    choices: [
      ['', 'booking'],
      ['effective', 'effect'],
    ],
  },
];
