import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DeliveryDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { webhooks } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { StateBadge } from '../../components/state-badge.js';
import { column } from '../../reading/columns.js';
import { CursorLinks } from '../../reading/cursor-links.js';
import { FilterForm } from '../../reading/filter-form.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Instant } from '../../reading/values.js';
import { deliveriesQuery } from './deliveries-search.js';

const COLUMNS = [
  column<DeliveryDto>(
    'Delivery',
    ({ id, webhook_id: webhook }) => (
      <Link to="." search={{ part: 'webhooks', webhook, delivery: `${id}` }}>
        {id}
      </Link>
    ),
    'head',
  ),
  column<DeliveryDto>('Event', ({ event }) => event),
  column<DeliveryDto>('Status', ({ status }) => <StateBadge state={status} />),
  column<DeliveryDto>('Attempts', ({ attempt_count: attempts }) => attempts, 'right'),
  column<DeliveryDto>('Scheduled', ({ created_at: at }) => <Instant at={at} />),
  column<DeliveryDto>('Next attempt', ({ next_retry_at: at }) => <Instant at={at} />),
  column<DeliveryDto>('Ended', ({ ended_at: at }) => <Instant at={at} />),
];

/** Deliveries of a webhook, newest first. */
export function Deliveries({
  account,
  webhook,
}: {
  readonly account: string;
  readonly webhook: string;
}): ReactNode {
  const search = useSearchText();
  const deliveries = useQuery(
    readOf(webhooks.deliveries(webhook, { account, ...deliveriesQuery(search) })),
  );
  return (
    <Section title="Deliveries" what="The deliveries" read={deliveries}>
      {({ data, next_cursor: next }) => (
        <>
          <FilterForm
            fields={[
              {
                name: 'status',
                label: 'Status',
                choices: [
                  ['', 'all'],
                  ['pending', 'pending'],
                  ['delivered', 'delivered'],
                  ['failed', 'failed'],
                ],
              },
            ]}
          />
          <DataTable
            label="Deliveries"
            columns={COLUMNS}
            rows={data}
            keyOf={({ id }) => `${id}`}
            empty="There is no such delivery."
          />
          <CursorLinks next={next} />
        </>
      )}
    </Section>
  );
}
