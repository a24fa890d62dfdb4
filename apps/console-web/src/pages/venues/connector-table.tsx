import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { InboxItemDto, VenueDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { everyOf } from '../../api/queries.js';
import { anyService, connector, ledger, venueOf } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Age } from '../../components/time.js';
import { column } from '../../reading/columns.js';
import { EveryCell } from '../../reading/every-cell.js';
import { ReadCell } from '../../reading/read-cell.js';
import { Badge, Instant, Sum, Words } from '../../reading/values.js';
import { useConsumption, WaitingCell } from '../../reading/waiting-cell.js';
import { CheckCell, useEveryCheck } from '../system/every-check.js';
import { bookAccountsOf, countOf } from './venue-facts.js';

const COUNTED = [
  ['halt', 'Halts'],
  ['break', 'Breaks'],
  ['case', 'Cases'],
  ['dead_letter', 'Dead letters'],
] as const;

/** A line for each connector: readiness, causes of a stop, balances. */
export function ConnectorTable({
  connectors,
}: {
  readonly connectors: readonly string[];
}): ReactNode {
  const checks = useEveryCheck();
  const consumption = useConsumption();
  const inbox = useQuery(everyOf(anyService('console').inboxItems()));
  return (
    <DataTable
      label="Connectors"
      columns={[
        column<string>(
          'Venue',
          (service) => (
            <Link to="/venues/$service" params={{ service }}>
              {venueOf(service)}
            </Link>
          ),
          'head',
        ),
        column<string>('Last answer', (service) => (
          <ReadCell call={connector(service).venue()}>
            {(venue) => <LastAnswer of={venue} />}
          </ReadCell>
        )),
        column<string>('Own checks', (service) => <CheckCell read={checks} service={service} />),
        ...COUNTED.map(([kind, name]) =>
          column<string>(name, (service) => (
            <EveryCell read={inbox} service={service}>
              {(items) => <Count items={items} kind={kind} />}
            </EveryCell>
          )),
        ),
        column<string>(
          'Messages waiting',
          (service) => <WaitingCell read={consumption} service={service} />,
          'right',
        ),
        column<string>('Not ended', (service) => (
          <ReadCell call={connector(service).venue()}>
            {({ queues }) => <Queues of={queues} />}
          </ReadCell>
        )),
        column<string>(
          'Balance at the venue',
          (service) => (
            <ReadCell call={connector(service).venue()}>
              {({ balances }) => <Balances of={balances} />}
            </ReadCell>
          ),
          'right',
        ),
        column<string>('In our book', (service) => <Clearing service={service} />, 'right'),
      ]}
      rows={connectors}
      keyOf={(service) => service}
      empty="The console knows no connector."
    />
  );
}

function LastAnswer({
  of: { last_answer_at: at, pauses },
}: {
  readonly of: Pick<VenueDto, 'last_answer_at' | 'pauses'>;
}): ReactNode {
  return (
    <>
      {at === null ? <span className="bad-text">none since its start</span> : <Ago at={at} />}
      {pauses.map(({ endpoint, cause, until }) => (
        <p key={endpoint} className="small">
          <Badge tone="wait">paused</Badge> <Words text={endpoint} />: <Words text={cause} />, until{' '}
          <Instant at={until} />
        </p>
      ))}
    </>
  );
}

function Count({
  items,
  kind,
}: {
  readonly items: readonly InboxItemDto[];
  readonly kind: InboxItemDto['kind'];
}): ReactNode {
  const text = countOf(items, kind);
  return text === '0' ? <span className="muted">0</span> : <Badge tone="bad">{text}</Badge>;
}

function Queues({ of }: { readonly of: VenueDto['queues'] }): ReactNode {
  if (of.length === 0) return <span className="muted">0</span>;
  return (
    <ul className="plain-list nowrap">
      {of.map(({ state, count, oldest_at: oldest }) => (
        <li key={state}>
          {count} {state} <span className="muted">since</span> <Age since={oldest} />
        </li>
      ))}
    </ul>
  );
}

function Balances({ of }: { readonly of: VenueDto['balances'] }): ReactNode {
  if (of.length === 0) return <span className="muted">none read</span>;
  return (
    <ul className="plain-list">
      {of.map(({ currency, total }) => (
        <li key={currency}>
          <Sum value={total} unit={currency} />
        </li>
      ))}
    </ul>
  );
}

function Clearing({ service }: { readonly service: string }): ReactNode {
  return (
    <ReadCell call={ledger.houseAccounts()}>
      {(rows) => {
        const accounts = bookAccountsOf(
          venueOf(service),
          rows.map(({ account }) => account),
        );
        return accounts.length === 0 ? (
          <span className="muted">no booking</span>
        ) : (
          accounts.map((account) => <Booked key={account} account={account} />)
        );
      }}
    </ReadCell>
  );
}

function Booked({ account }: { readonly account: string }): ReactNode {
  return (
    <ReadCell call={ledger.houseBalances(account)}>
      {({ balances }) => (
        <ul className="plain-list">
          {balances.map(({ asset, posted }) => (
            <li key={asset}>
              <Sum value={posted} unit={asset} />
            </li>
          ))}
        </ul>
      )}
    </ReadCell>
  );
}

function Ago({ at }: { readonly at: string }): ReactNode {
  return (
    <span className="nowrap">
      <Age since={at} /> ago
    </span>
  );
}
