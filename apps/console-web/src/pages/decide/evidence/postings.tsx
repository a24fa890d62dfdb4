import type { EntryDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { Amount } from '../../../components/amount.js';
import { DataTable, type TableColumn } from '../../../components/data-table.js';

type Posting = EntryDto['postings'][number];

const COLUMNS: readonly TableColumn<Posting>[] = [
  {
    id: 'account',
    name: 'Account',
    isRowHeader: true,
    cell: ({ account }) => <code>{account}</code>,
  },
  {
    id: 'amount',
    name: 'Credit; below zero: debit',
    isRight: true,
    cell: ({ amount, asset }) => <Amount value={amount} unit={asset} />,
  },
];

export function Postings({
  postings,
  none,
}: {
  readonly postings: readonly Posting[];
  readonly none: string;
}): ReactNode {
  return (
    <DataTable
      label="Postings"
      columns={COLUMNS}
      rows={postings}
      keyOf={({ account, asset, amount }) => `${account} ${asset} ${amount}`}
      empty={none}
    />
  );
}
