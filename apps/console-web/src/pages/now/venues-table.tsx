import { Link } from '@tanstack/react-router';
import type { ConsumerDto, InboxItemDto, VenueDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import type { EveryAnswer } from '../../api/queries.js';
import { venueOf } from '../../api/services.js';
import { Amount } from '../../components/amount.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { Foreign } from '../../components/foreign.js';
import { Panel } from '../../components/panel.js';
import { Age } from '../../components/time.js';
import { stateName } from '../../format/states.js';
import type { EveryRead } from '../../reading/every-cell.js';
import { WaitingCell } from '../../reading/waiting-cell.js';
import { kindName } from '../decide/evidence/inbox-item.js';
import { narrowLimits } from './narrow-limits.js';

interface VenueRow {
  readonly service: string;
  readonly venue: string;
  readonly answer: EveryAnswer<VenueDto>;
  readonly consumption: EveryRead<ConsumerDto>;
  /** Faults in the inbox of the connector. */
  readonly faults: readonly InboxItemDto[];
}

/** Lines of a cell that are not folded. */
const SHOWN = 3;

/** Shows a part of a venue's answer; the column of the state reports a missing answer. */
function part(show: (venue: VenueDto) => ReactNode): (row: VenueRow) => ReactNode {
  return ({ answer }) => (answer.data === undefined ? '' : show(answer.data));
}

const COLUMNS: readonly TableColumn<VenueRow>[] = [
  {
    id: 'venue',
    name: 'Venue',
    isRowHeader: true,
    cell: ({ service, venue }) => (
      <Link to="/venues/$service" params={{ service }}>
        {venue}
      </Link>
    ),
  },
  { id: 'state', name: 'State', cell: (row) => <VenueState {...row} /> },
  {
    id: 'answer',
    name: 'Last answer',
    isRight: true,
    cell: part(({ last_answer_at: at }) => (at === null ? 'none yet' : <Age since={at} />)),
  },
  {
    id: 'lag',
    name: 'Payments read up to',
    isRight: true,
    cell: part(({ records }) => (
      <Lines
        lines={records.map(({ form, read_through: at }) => [form, <Age key={form} since={at} />])}
        none="no record"
      />
    )),
  },
  {
    id: 'queues',
    name: 'Under way, oldest',
    cell: part(({ queues }) => (
      <Lines
        lines={queues.map(({ state, count, oldest_at: at }) => [
          state,
          <>
            {count} {stateName(state)}, <Age since={at} />
          </>,
        ])}
        none="nothing"
      />
    )),
  },
  {
    id: 'waiting',
    name: 'Messages waiting',
    isRight: true,
    cell: ({ service, consumption }) => <WaitingCell read={consumption} service={service} />,
  },
  {
    id: 'balance',
    name: 'Balance at the venue',
    isRight: true,
    cell: part(({ balances }) => (
      <Lines
        lines={balances.map(({ currency, total }) => [
          currency,
          <Amount key={currency} value={total} unit={currency} />,
        ])}
        none="not read"
      />
    )),
  },
  {
    id: 'limits',
    name: 'Left of the limits in use',
    isRight: true,
    cell: part(({ limits }) => (
      <Lines
        lines={narrowLimits(limits).map(({ asset, span, remaining, limit }) => [
          `${asset} ${span}`,
          <>
            <Amount value={remaining} /> of <Amount value={limit} unit={asset} />{' '}
            <span className="muted">per {span}</span>
          </>,
        ])}
        none="nothing was sent"
      />
    )),
  },
];

/** Each venue with state, last answer, work, balance, and the limits in use. */
export function VenuesTable({
  inbox,
  consumption,
  venues,
}: {
  readonly inbox: readonly EveryAnswer<readonly InboxItemDto[]>[] | undefined;
  readonly consumption: EveryRead<ConsumerDto>;
  readonly venues: readonly EveryAnswer<VenueDto>[] | undefined;
}): ReactNode {
  return (
    <Panel title="Venues" isFlush aside={<Link to="/venues">All about venues</Link>}>
      {venues === undefined ? (
        <p className="muted" role="status">
          The venues …
        </p>
      ) : (
        <DataTable
          label="Venues"
          columns={COLUMNS}
          rows={venues.map((answer) => ({
            service: answer.service,
            venue: venueOf(answer.service),
            answer,
            consumption,
            faults: faultsOf(inbox?.find((one) => one.service === answer.service)?.data ?? []),
          }))}
          keyOf={({ service }) => service}
          empty="The console knows no connector."
        />
      )}
    </Panel>
  );
}

function faultsOf(items: readonly InboxItemDto[]): readonly InboxItemDto[] {
  return items.filter(({ kind }) => kind !== 'approval');
}

function VenueState({ answer, faults }: VenueRow): ReactNode {
  if (answer.data === undefined)
    return (
      <span className="bad-text">
        could not be asked: <Foreign text={answer.message ?? 'no answer'} />
      </span>
    );
  const { pauses } = answer.data;
  if (faults.length + pauses.length === 0)
    return <span className="badge badge-good">nothing open</span>;
  return (
    <ul className="plain-list">
      {faults.map(({ kind, id, title }) => (
        <li key={`${kind} ${id}`}>
          <span className="badge badge-bad">{kindName(kind)}</span> <Foreign text={title} />
        </li>
      ))}
      {pauses.map(({ endpoint, cause }) => (
        <li key={endpoint}>
          <span className="badge badge-wait">paused</span>{' '}
          <Foreign text={`${endpoint}: ${cause}`} />
        </li>
      ))}
    </ul>
  );
}

function Lines({
  lines,
  none,
}: {
  readonly lines: readonly (readonly [key: string, content: ReactNode])[];
  readonly none: string;
}): ReactNode {
  if (lines.length === 0) return <span className="muted">{none}</span>;
  const list = (some: typeof lines) => (
    <ul className="plain-list">
      {some.map(([key, content]) => (
        <li key={key}>{content}</li>
      ))}
    </ul>
  );
  if (lines.length <= SHOWN) return list(lines);
  return (
    <>
      {list(lines.slice(0, SHOWN))}
      <details>
        <summary>{lines.length - SHOWN} more</summary>
        {list(lines.slice(SHOWN))}
      </details>
    </>
  );
}
