import { useQuery } from '@tanstack/react-query';
import type { UnclaimedRecordDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { connector } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Code, Instant, Words } from '../../reading/values.js';

const COLUMNS = [
  column<UnclaimedRecordDto>(
    "Venue's reference",
    ({ venue_reference: reference }) => <Code text={reference} />,
    'head',
  ),
  column<UnclaimedRecordDto>('Form', ({ form }) => form),
  column<UnclaimedRecordDto>('Our reference', ({ client_reference: reference }) => (
    <Words text={reference} />
  )),
  column<UnclaimedRecordDto>('Amount', ({ gross }) => <Words text={gross} />, 'right'),
  column<UnclaimedRecordDto>('Destination', ({ destination }) => <Words text={destination} />),
  column<UnclaimedRecordDto>("Venue's status", ({ venue_status: status }) => (
    <Words text={status} />
  )),
  column<UnclaimedRecordDto>('Made', ({ created_at: at }) => <Instant at={at} />),
  column<UnclaimedRecordDto>('First seen', ({ seen_at: at }) => <Instant at={at} />),
  column<UnclaimedRecordDto>('Reported', ({ reported_at: at }) =>
    at === null ? 'it may still prove to be ours' : <Instant at={at} />,
  ),
  column<UnclaimedRecordDto>('Unreadable', ({ unreadable }) => <Words text={unreadable} />),
];

/** Payments in the venue's records without an order of this connector. */
export function Records({ service }: { readonly service: string }): ReactNode {
  const records = useQuery(readOf(connector(service).unclaimedRecords()));
  return (
    <Section title="Records without an order" what="The records" read={records}>
      {(rows) => (
        <DataTable
          label="Records without an order"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ form, venue_reference: reference, seen_at: at }) =>
            `${form} ${reference} ${at}`
          }
          empty="Every payment in the records of the venue was sent from here."
        />
      )}
    </Section>
  );
}
