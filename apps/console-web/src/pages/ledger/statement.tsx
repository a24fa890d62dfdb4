import { useQuery } from '@tanstack/react-query';
import type { StatementLineDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { CursorLinks } from '../../reading/cursor-links.js';
import { FilterForm } from '../../reading/filter-form.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Instant, Sum, WithdrawalLink, Words } from '../../reading/values.js';
import { EntryLink } from './entry-link.js';

const COLUMNS = [
  column<StatementLineDto>('Booked', ({ recorded_at: at }) => <Instant at={at} />, 'head'),
  column<StatementLineDto>('Effective', ({ effective_at: at }) => <Instant at={at} />),
  column<StatementLineDto>('Kind', ({ kind }) => kind.replaceAll('_', ' ')),
  column<StatementLineDto>(
    'Amount',
    ({ amount, asset }) => <Sum value={amount} unit={asset} />,
    'right',
  ),
  column<StatementLineDto>('Withdrawal', ({ withdrawal_id: id }) => <WithdrawalLink id={id} />),
  column<StatementLineDto>('Reference', ({ reference }) => <Words text={reference} />),
  column<StatementLineDto>('Entry', ({ entry_id: id }) => <EntryLink id={id} />),
];

/** Bookings on a customer's account, newest first. Later entries do not move the pages. */
export function Statement(): ReactNode {
  const { account = '' } = useSearchText();
  return (
    <>
      <FilterForm fields={[{ name: 'account', label: 'Account id of a customer', isWide: true }]} />
      {account === '' ? <p className="muted">Name an account.</p> : <Lines account={account} />}
    </>
  );
}

function Lines({ account }: { readonly account: string }): ReactNode {
  const { cursor } = useSearchText();
  const statement = useQuery(
    readOf(ledger.statement(account, cursor === undefined ? {} : { cursor })),
  );
  return (
    <Section title={`Statement of ${account}`} what="The statement" read={statement}>
      {({ data, next_cursor: next }) => (
        <>
          <DataTable
            label="Statement"
            columns={COLUMNS}
            rows={data}
            keyOf={({ entry_id: id, asset, amount }) => `${id} ${asset} ${amount}`}
            empty="Nothing was booked."
          />
          <CursorLinks next={next} />
        </>
      )}
    </Section>
  );
}
