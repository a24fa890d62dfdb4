import { Link } from '@tanstack/react-router';
import type { InboxItemDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import type { EveryAnswer } from '../../api/queries.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { Foreign } from '../../components/foreign.js';
import { Age } from '../../components/time.js';
import { kindName } from '../decide/evidence/inbox-item.js';

type Item = InboxItemDto & { readonly service: string };

const SHOWN = 8;

const COLUMNS: readonly TableColumn<Item>[] = [
  {
    id: 'title',
    name: 'Oldest first',
    isRowHeader: true,
    cell: ({ service, kind, id, title }) => (
      <Link to="/decide/$service/$kind/$id" params={{ service, kind, id }}>
        <Foreign text={title} />
      </Link>
    ),
  },
  { id: 'kind', name: 'Kind', cell: ({ kind }) => kindName(kind) },
  { id: 'since', name: 'For', isRight: true, cell: ({ since }) => <Age since={since} /> },
  { id: 'by', name: 'Asked by', cell: ({ asked_by: by }) => by && <Foreign text={by} /> },
  { id: 'roles', name: 'Who may act', cell: ({ roles }) => roles.join(', ') },
];

/** The oldest things that wait for people, over all services. */
export function WaitingItems({
  answers,
}: {
  readonly answers: readonly EveryAnswer<readonly InboxItemDto[]>[];
}): ReactNode {
  const items = answers
    .flatMap(({ service, data = [] }) => data.map((item) => ({ ...item, service })))
    .toSorted((one, other) => Date.parse(one.since) - Date.parse(other.since));
  const isWhole = answers.every(({ data }) => data !== undefined);
  return (
    <>
      <DataTable
        label="Waits for a person"
        columns={COLUMNS}
        rows={items.slice(0, SHOWN)}
        keyOf={({ service, kind, id }) => `${service} ${kind} ${id}`}
        empty={
          isWhole
            ? 'Nothing waits for a person.'
            : 'The services that answered have nothing that waits for a person.'
        }
      />
      {items.length > SHOWN && (
        <p className="panel-note">
          <Link to="/decide">All {items.length} in the inbox</Link>
        </p>
      )}
    </>
  );
}
