import { useQuery } from '@tanstack/react-query';
import type { ConsumerDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { anyService } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Message } from '../../components/message.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Words } from '../../reading/values.js';

type ConsumedTopic = ConsumerDto['topics'][number];

const COLUMNS = [
  column<ConsumedTopic>('Topic', ({ topic }) => <Words text={topic} />, 'head'),
  column<ConsumedTopic>('Partitions read here', ({ partitions }) => partitions, 'right'),
  column<ConsumedTopic>(
    'Messages waiting',
    ({ partitions, waiting }) => waiting ?? (partitions === 0 ? 'read elsewhere' : 'not known'),
    'right',
  ),
];

/** Messages that wait for a service, by topic. */
export function Consumption({ service }: { readonly service: string }): ReactNode {
  const consumer = useQuery(readOf(anyService(service).consumption()));
  return (
    <Section title={`Messages waiting for ${service}`} what="The consumption" read={consumer}>
      {({ topics, faults }) => (
        <>
          {faults.map((fault) => (
            <Message key={fault} tone="bad">
              <Words text={fault} />
            </Message>
          ))}
          <DataTable
            label={`Topics of ${service}`}
            columns={COLUMNS}
            rows={topics}
            keyOf={({ topic }) => topic}
            empty="The service reads no topic."
          />
          <p className="muted small">
            Counted every 10 to 15 seconds by the process that answered. Other processes of the
            service read other partitions.
          </p>
        </>
      )}
    </Section>
  );
}
