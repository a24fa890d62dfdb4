import { Link } from '@tanstack/react-router';
import type { WithdrawalRowDto } from '@sluice/http-api';
import { Amount } from '../../components/amount.js';
import type { TableColumn } from '../../components/data-table.js';
import { Foreign } from '../../components/foreign.js';
import { StateBadge } from '../../components/state-badge.js';
import { Age } from '../../components/time.js';
import { utcText } from '../../time/ages.js';

export const WITHDRAWAL_COLUMNS: readonly TableColumn<WithdrawalRowDto>[] = [
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
  {
    id: 'requested',
    name: 'Requested (UTC)',
    cell: ({ requested_at: at }) => (
      <time dateTime={at} className="nowrap">
        {utcText(at)}
      </time>
    ),
  },
  { id: 'age', name: 'Age', isRight: true, cell: ({ requested_at: at }) => <Age since={at} /> },
  { id: 'state', name: 'State', cell: ({ state }) => <StateBadge state={state} /> },
  {
    id: 'amount',
    name: 'Amount',
    isRight: true,
    cell: ({ amount, currency, network }) => (
      <Amount value={amount} unit={`${currency}.${network}`} />
    ),
  },
  {
    id: 'fee',
    name: 'Fee',
    isRight: true,
    cell: ({ fee, currency }) => <Amount value={fee} unit={currency} />,
  },
  { id: 'venue', name: 'Venue', cell: ({ venue }) => venue },
  {
    id: 'reference',
    name: 'Client reference',
    cell: ({ client_reference: reference }) => reference && <Foreign text={reference} />,
  },
  {
    id: 'account',
    name: 'Account',
    cell: ({ account_id: account }) => (
      <Link to="/accounts/$id" params={{ id: account }} className="mono">
        {account}
      </Link>
    ),
  },
  {
    id: 'error',
    name: 'Error',
    cell: ({ error_message: fault }) => fault && <Foreign text={fault} />,
  },
  {
    id: 'transaction',
    name: 'Transaction',
    cell: ({ tx_hash: hash }) =>
      hash && (
        <span className="mono">
          <Foreign text={hash} />
        </span>
      ),
  },
  {
    id: 'confirmed',
    name: 'Confirmed (UTC)',
    cell: ({ confirmed_at: at }) =>
      at && (
        <time dateTime={at} className="nowrap">
          {utcText(at)}
        </time>
      ),
  },
  { id: 'status', name: 'Public status', cell: ({ status, stage }) => `${status}, ${stage}` },
  { id: 'id', name: 'Id', cell: ({ id }) => <code>{id}</code> },
];

export const STANDARD_COLUMNS = [
  'number',
  'requested',
  'age',
  'state',
  'amount',
  'venue',
  'reference',
  'error',
];
