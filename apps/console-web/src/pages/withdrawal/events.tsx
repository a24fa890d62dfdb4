import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AccountEventDto, WithdrawalDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { webhooks } from '../../api/services.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { Foreign } from '../../components/foreign.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { Time } from '../../components/time.js';

const COLUMNS: readonly TableColumn<AccountEventDto>[] = [
  { id: 'event', name: 'Event', isRowHeader: true, cell: ({ event }) => event },
  { id: 'at', name: 'Time', cell: ({ created_at: at }) => <Time at={at} /> },
  { id: 'id', name: 'Number', isRight: true, cell: ({ id }) => id },
  {
    id: 'data',
    name: 'Content',
    cell: ({ data }) => (
      <details>
        <summary>Data</summary>
        <pre>
          <Foreign text={JSON.stringify(data, null, 2)} />
        </pre>
      </details>
    ),
  },
];

/** Events of a withdrawal for the customer, by webhooks and in the log of events. */
export function Events({ withdrawal }: { readonly withdrawal: WithdrawalDto }): ReactNode {
  const { account_id: account, number } = withdrawal;
  const query = useQuery(readOf(webhooks.events({ account, withdrawal_id: number, limit: 50 })));
  return (
    <Panel
      title="Events for the customer"
      aside={
        <Link to="/accounts/$id" params={{ id: account }} hash="webhooks">
          Webhooks of the account
        </Link>
      }
      isFlush
    >
      <Reading query={query} what="The events">
        {({ data }) => (
          <DataTable
            label="Events for the customer"
            columns={COLUMNS}
            rows={data}
            keyOf={({ id }) => String(id)}
            empty="No event was published yet."
          />
        )}
      </Reading>
    </Panel>
  );
}
