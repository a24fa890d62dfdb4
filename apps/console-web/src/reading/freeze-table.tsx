import { LEDGER } from '@sluice/admin-client/calls';
import type { FreezeInForceDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../actions/action-button.js';
import { DataTable } from '../components/data-table.js';
import { column } from './columns.js';
import { AccountLink, Instant, Words } from './values.js';

const COLUMNS = [
  column<FreezeInForceDto>('Case', ({ freeze_id: id }) => <Words text={id} />, 'head'),
  column<FreezeInForceDto>('Account', ({ account_id: id }) => <AccountLink id={id} />),
  column<FreezeInForceDto>('Reason', ({ reason }) => <Words text={reason} />),
  column<FreezeInForceDto>('Since', ({ frozen_at: at }) => <Instant at={at} />),
  column<FreezeInForceDto>('Action', (freeze) => <Lift of={freeze} />),
];

/** Freezes in force: no new holds; existing holds end normally. */
export function FreezeTable({
  freezes,
  empty,
}: {
  readonly freezes: readonly FreezeInForceDto[];
  readonly empty: string;
}): ReactNode {
  return (
    <DataTable
      label="Freezes"
      columns={COLUMNS}
      rows={freezes}
      keyOf={({ account_id: account, freeze_id: id }) => `${account} ${id}`}
      empty={empty}
    />
  );
}

function Lift({
  of: { account_id, freeze_id, reason },
}: {
  readonly of: FreezeInForceDto;
}): ReactNode {
  return (
    <ActionButton
      service="ledger"
      call={LEDGER.liftFreeze}
      path={{ account_id, freeze_id }}
      label="Lift"
      title={`Lift the freeze ${freeze_id}`}
    >
      <p>
        Reason of the freeze: <Words text={reason} />
      </p>
      <p className="muted">Other cases keep the account frozen. A lifted case never returns.</p>
    </ActionButton>
  );
}
