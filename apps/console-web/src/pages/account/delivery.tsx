import { useQuery } from '@tanstack/react-query';
import { WEBHOOKS } from '@sluice/admin-client/calls';
import type { DeliveryHistoryDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { webhooks } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { StateBadge } from '../../components/state-badge.js';
import { Time } from '../../components/time.js';
import { visibleText } from '../../format/visible-text.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Instant, Words } from '../../reading/values.js';

type Attempt = DeliveryHistoryDto['attempts'][number];

const COLUMNS = [
  column<Attempt>('At', ({ started_at: at }) => <Time at={at} isExact />, 'head'),
  column<Attempt>('HTTP status', ({ status }) => status ?? 'none', 'right'),
  column<Attempt>('Took', ({ duration_ms: ms }) => (ms === null ? '–' : `${ms} ms`), 'right'),
  column<Attempt>('Fault', ({ error }) => <Words text={error} />),
  column<Attempt>('Answer', ({ answer }) => <Words text={answer} />),
];

/** A delivery with body and attempts. */
export function Delivery({
  account,
  delivery: id,
}: {
  readonly account: string;
  readonly delivery: string;
}): ReactNode {
  const delivery = useQuery(readOf(webhooks.delivery(id, { account })));
  return (
    <Section
      title={`Delivery ${id}`}
      what="The delivery"
      read={delivery}
      aside={
        <ActionButton
          service="webhooks"
          call={WEBHOOKS.requeueDelivery}
          path={{ id }}
          query={{ account }}
          label="Send again"
          title={`Send delivery ${id} again`}
        >
          <p className="muted">The receiver gets the same bytes with the same id.</p>
        </ActionButton>
      }
    >
      {({ event, status, attempt_count: count, created_at: at, attempts, body, ...rest }) => (
        <>
          <Facts
            facts={{
              Event: event,
              Status: <StateBadge state={status} />,
              Attempts: count,
              Scheduled: <Instant at={at} />,
              'Next attempt': <Instant at={rest.next_retry_at} />,
              Ended: <Instant at={rest.ended_at} />,
            }}
          />
          <pre tabIndex={0}>{visibleText(body)}</pre>
          <DataTable
            label="Attempts"
            columns={COLUMNS}
            rows={attempts}
            keyOf={({ started_at: started }) => started}
            empty="The delivery was not attempted yet."
          />
        </>
      )}
    </Section>
  );
}
