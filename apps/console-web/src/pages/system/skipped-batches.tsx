import { useQuery } from '@tanstack/react-query';
import { SERVICE } from '@sluice/admin-client/calls';
import type { SkippedBatchDto } from '@sluice/http-api';
import { useState, type ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { anyService } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Code, Instant, Words } from '../../reading/values.js';

const COLUMNS = [
  column<SkippedBatchDto>(
    'Batch',
    ({ topic, partition, offset }) => <Code text={`${topic}[${partition}]@${offset}`} />,
    'head',
  ),
  column<SkippedBatchDto>('By', ({ by }) => <Words text={by} />),
  column<SkippedBatchDto>('Evidence', ({ evidence }) => <Words text={evidence} />),
  column<SkippedBatchDto>('Decided', ({ decided_at: at }) => <Instant at={at} />),
  column<SkippedBatchDto>('Skipped', ({ skipped_at: at }) =>
    at === null ? 'not met yet' : <Instant at={at} />,
  ),
];

const PLACE = [
  ['topic', 'Topic'],
  ['partition', 'Partition'],
  ['offset', 'Offset'],
] as const;

/** Corrupt batches of a log that a person has left out, and the form to leave out another. */
export function SkippedBatches({ service }: { readonly service: string }): ReactNode {
  const batches = useQuery(readOf(anyService(service).skippedBatches()));
  const [place, setPlace] = useState({ topic: '', partition: '', offset: '' });
  const isNamed =
    place.topic !== '' && /^\d{1,9}$/.test(place.partition) && /^\d{1,18}$/.test(place.offset);
  return (
    <Section title={`Skipped batches of ${service}`} what="The skipped batches" read={batches}>
      {(rows) => (
        <>
          <DataTable
            label={`Skipped batches of ${service}`}
            columns={COLUMNS}
            rows={rows}
            keyOf={({ topic, partition, offset }) => `${topic} ${partition} ${offset}`}
            empty="No batch was skipped."
          />
          <details>
            <summary>Skip a corrupt batch</summary>
            <div className="filters">
              {PLACE.map(([name, label]) => (
                <label key={name} className="field">
                  <span>{label}</span>
                  <input
                    value={place[name]}
                    autoComplete="off"
                    onChange={({ target }) => setPlace({ ...place, [name]: target.value.trim() })}
                  />
                </label>
              ))}
              <ActionButton
                service={service}
                call={SERVICE.skipBatch}
                path={place}
                label="Skip"
                title={`Skip a batch at ${service}`}
                tone="danger"
                blocked={
                  isNamed ? null : 'The fault of the service names topic, partition and offset.'
                }
              >
                <p>
                  A corrupt log is an incident: examine the disk and the replicas first. This
                  service loses the messages of the batch.
                </p>
              </ActionButton>
            </div>
          </details>
        </>
      )}
    </Section>
  );
}
