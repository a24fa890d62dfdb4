import type { HoldDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { DataTable } from '../components/data-table.js';
import { StateBadge } from '../components/state-badge.js';
import { column } from './columns.js';
import { AccountLink, Instant, Sum, WithdrawalLink, Words } from './values.js';

const COLUMNS = [
  column<HoldDto>('Withdrawal', ({ withdrawal_id: id }) => <WithdrawalLink id={id} />, 'head'),
  column<HoldDto>('State', ({ state }) => <StateBadge state={state} />),
  column<HoldDto>('Amount', ({ amount, asset }) => <Sum value={amount} unit={asset} />, 'right'),
  column<HoldDto>('Account', ({ account_id: id }) => <AccountLink id={id} />),
  column<HoldDto>('Decided', ({ decided_at: at }) => <Instant at={at} />),
  column<HoldDto>('Expires', ({ expires_at: at, submission_started_at: started }) =>
    started === null ? <Instant at={at} /> : 'never: it is being paid',
  ),
  column<HoldDto>('Ended', ({ closed_at: at }) => <Instant at={at} />),
  column<HoldDto>('Reason', ({ reason }) => <Words text={reason} />),
];

export function HoldTable({
  holds,
  empty,
  isOfOneAccount = false,
}: {
  readonly holds: readonly HoldDto[];
  readonly empty: string;
  readonly isOfOneAccount?: boolean;
}): ReactNode {
  return (
    <DataTable
      label="Holds"
      columns={COLUMNS.filter(({ name }) => name !== 'Account' || !isOfOneAccount)}
      rows={holds}
      keyOf={({ withdrawal_id: id }) => id}
      empty={empty}
    />
  );
}
