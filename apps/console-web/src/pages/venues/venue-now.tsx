import { useQuery } from '@tanstack/react-query';
import type { VenueDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { connector } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Message } from '../../components/message.js';
import { StateBadge } from '../../components/state-badge.js';
import { Age } from '../../components/time.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Instant, Sum, Words } from '../../reading/values.js';
import { isMoreThanZero } from './venue-facts.js';

type Balance = VenueDto['balances'][number];
type Limit = VenueDto['limits'][number];
type Queue = VenueDto['queues'][number];
type RecordReading = VenueDto['records'][number];

const BALANCES = [
  column<Balance>('Currency', ({ currency }) => currency, 'head'),
  column<Balance>('At the venue', ({ total }) => <Sum value={total} />, 'right'),
  column<Balance>(
    'Without payments that may have left',
    ({ expected }) => <Sum value={expected} />,
    'right',
  ),
  column<Balance>('Age', ({ read_at: at }) => <Age since={at} />, 'right'),
];

const LIMITS = [
  column<Limit>('Asset', ({ asset }) => asset, 'head'),
  column<Limit>('By', ({ span }) => span),
  column<Limit>('Remaining', ({ remaining }) => <Sum value={remaining} />, 'right'),
  column<Limit>('Sent', ({ sent }) => <Sum value={sent} />, 'right'),
  column<Limit>('Ceiling', ({ limit }) => <Sum value={limit} />, 'right'),
];

const QUEUES = [
  column<Queue>('State', ({ state }) => <StateBadge state={state} />, 'head'),
  column<Queue>('Submissions', ({ count }) => count, 'right'),
  column<Queue>('Oldest', ({ oldest_at: at }) => <Instant at={at} />),
];

const READERS = [
  column<RecordReading>('Form', ({ form }) => form, 'head'),
  column<RecordReading>('Payments are read until', ({ read_through: at }) => <Instant at={at} />),
  column<RecordReading>('Age', ({ read_at: at }) => <Age since={at} />, 'right'),
];

/** State of the venue as its connector knows it: answers, balances, remaining ceilings, lag. */
export function VenueNow({ service }: { readonly service: string }): ReactNode {
  const venue = useQuery(readOf(connector(service).venue()));
  return (
    <Section title="Now" what="The state of the venue" read={venue}>
      {({ last_answer_at: at, pauses, balances, limits, queues, records }) => (
        <>
          <Facts
            facts={{
              'Last answer of the venue':
                at === null ? 'none since its start' : <Instant at={at} />,
            }}
          />
          {pauses.map(({ endpoint, cause, until }) => (
            <Message key={endpoint} tone="wait">
              <span>
                <Words text={endpoint} /> is not called until <Instant at={until} />:{' '}
                <Words text={cause} />
              </span>
            </Message>
          ))}
          <div className="columns columns-wide">
            <DataTable
              label="Balances"
              columns={BALANCES}
              rows={balances}
              keyOf={({ currency }) => currency}
              empty="No balance was read."
            />
            <DataTable
              label="Submissions that have not ended"
              columns={QUEUES}
              rows={queues}
              keyOf={({ state }) => state}
              empty="Every submission has ended."
            />
            <DataTable
              label="Records of the venue"
              columns={READERS}
              rows={records}
              keyOf={({ form }) => form}
              empty="No record of the venue was read."
            />
          </div>
          <Limits of={limits} />
        </>
      )}
    </Section>
  );
}

/** Partly used ceilings first; the others are folded. */
function Limits({ of }: { readonly of: readonly Limit[] }): ReactNode {
  const used = of.filter(({ sent }) => isMoreThanZero(sent));
  const unused = of.filter(({ sent }) => !isMoreThanZero(sent));
  return (
    <>
      <DataTable
        label="Partly used ceilings"
        columns={LIMITS}
        rows={used}
        keyOf={({ asset, span }) => `${asset} ${span}`}
        empty="Nothing was sent in this hour and this day."
      />
      <details>
        <summary>{unused.length} unused ceilings</summary>
        <DataTable
          label="Unused ceilings"
          columns={LIMITS}
          rows={unused}
          keyOf={({ asset, span }) => `${asset} ${span}`}
          empty="Every ceiling is partly used."
        />
      </details>
    </>
  );
}
