import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { Foreign } from '../../components/foreign.js';
import { Age, Time } from '../../components/time.js';
import { useSession } from '../../session/session-provider.js';
import { obstacleOf } from './inbox-groups.js';
import { kindName, type InboxEntry } from './evidence/inbox-item.js';

const COLUMNS: readonly TableColumn<InboxEntry>[] = [
  {
    id: 'title',
    name: 'What waits',
    isRowHeader: true,
    cell: ({ service, kind, id, title }) => (
      <>
        <Link to="/decide/$service/$kind/$id" params={{ service, kind, id }}>
          <Foreign text={title} />
        </Link>
        <div className="small muted">
          {kindName(kind)} {id} at {service}
        </div>
      </>
    ),
  },
  { id: 'since', name: 'Waits', cell: ({ since }) => <Age since={since} /> },
  {
    id: 'about',
    name: 'About',
    cell: ({ withdrawal_id: ref, account_id: account, venue, asset }) => (
      <>
        {ref !== null && (
          <div>
            <Link to="/withdrawals/$ref" params={{ ref }}>
              withdrawal
            </Link>
          </div>
        )}
        {account !== null && (
          <div>
            <Link to="/accounts/$id" params={{ id: account }}>
              account
            </Link>
          </div>
        )}
        <div>{[venue, asset].filter((text) => text !== null).join(', ')}</div>
      </>
    ),
  },
  {
    id: 'asked',
    name: 'Asked by',
    cell: ({ asked_by: by }) =>
      by === null ? <span className="muted">–</span> : <Foreign text={by} />,
  },
  { id: 'who', name: 'Who may act', cell: (entry) => <WhoMayAct entry={entry} /> },
  {
    id: 'expires',
    name: 'Expires',
    cell: ({ expires_at: at }) =>
      at === null ? <span className="muted">never</span> : <Time at={at} />,
  },
];

export function InboxTable({
  label,
  entries,
}: {
  readonly label: string;
  readonly entries: readonly InboxEntry[];
}): ReactNode {
  return (
    <DataTable
      label={label}
      columns={COLUMNS}
      rows={entries}
      keyOf={({ service, kind, id }) => `${service} ${kind} ${id}`}
      empty="Nothing waits here."
    />
  );
}

function WhoMayAct({ entry }: { readonly entry: InboxEntry }): ReactNode {
  const { session } = useSession();
  const obstacle = obstacleOf(entry, session);
  return (
    <>
      <div>
        {entry.roles.join(' or ')}
        {entry.people > 1 && `, ${entry.people} people`}
      </div>
      <div className={obstacle === null ? 'small' : 'small muted'}>{obstacle ?? 'You may.'}</div>
    </>
  );
}
