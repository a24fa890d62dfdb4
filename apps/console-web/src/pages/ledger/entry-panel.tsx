import { LEDGER } from '@sluice/admin-client/calls';
import type { EntryDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Panel } from '../../components/panel.js';
import { column } from '../../reading/columns.js';
import { AccountLink, Code, Instant, Sum, WithdrawalLink, Words } from '../../reading/values.js';
import { EntryLink } from './entry-link.js';

type Posting = EntryDto['postings'][number];

const POSTINGS = [
  column<Posting>('Account', ({ account }) => <Code text={account} />, 'head'),
  column<Posting>(
    'Amount, a debit below zero',
    ({ amount, asset }) => <Sum value={amount} unit={asset} />,
    'right',
  ),
];

/** A journal entry with postings and order. */
export function EntryPanel({ of }: { readonly of: EntryDto }): ReactNode {
  const { kind, order, postings } = of;
  return (
    <Panel title={`Entry: ${kind.replaceAll('_', ' ')}`} aside={<Reverse of={of} />}>
      <div className="columns columns-wide">
        <Facts
          facts={{
            Entry: <Code text={of.entry_id} />,
            Account: <AccountLink id={of.account_id} />,
            Withdrawal: of.withdrawal_id === null ? null : <WithdrawalLink id={of.withdrawal_id} />,
            Reference: of.reference === null ? null : <Words text={of.reference} />,
            'Takes back': of.reverses === null ? null : <EntryLink id={of.reverses} />,
            Reason: of.reason === null ? null : <Words text={of.reason} />,
            Effective: <Instant at={of.effective_at} />,
            Booked: <Instant at={of.recorded_at} />,
          }}
        />
        {order !== null && (
          <Facts
            facts={{
              'Ordered by': <Words text={order.ordered_by} />,
              'Approved by': <Words text={order.approved_by} />,
              Evidence: <Words text={order.evidence} />,
              Ordered: <Instant at={order.ordered_at} />,
            }}
          />
        )}
      </div>
      <DataTable
        label="Postings"
        columns={POSTINGS}
        rows={postings}
        keyOf={({ account, asset, amount }) => `${account} ${asset} ${amount}`}
        empty="The entry posts nothing."
      />
    </Panel>
  );
}

function Reverse({
  of: { account_id, entry_id, kind, postings },
}: {
  readonly of: EntryDto;
}): ReactNode {
  return (
    <ActionButton
      service="ledger"
      call={LEDGER.reverse}
      path={{ account_id, entry_id }}
      omit={kind === 'capture' ? [] : ['lines']}
      label="Reverse"
      title="Take this entry back by a second entry"
      tone="danger"
      blocked={kind === 'reversal' ? 'A reversal is not taken back.' : null}
    >
      <p className="muted">
        The entry stays, and so does the state of the hold. The reversal posts the opposite of:
      </p>
      <DataTable
        label="Postings"
        columns={POSTINGS}
        rows={postings}
        keyOf={({ account, asset, amount }) => `${account} ${asset} ${amount}`}
        empty="The entry posts nothing."
      />
    </ActionButton>
  );
}
