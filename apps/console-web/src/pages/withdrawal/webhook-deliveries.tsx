import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WithdrawalDeliveryDto, WithdrawalDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { webhooks } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { StateBadge } from '../../components/state-badge.js';
import { column } from '../../reading/columns.js';
import { CursorLinks } from '../../reading/cursor-links.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Instant, Words } from '../../reading/values.js';
import { lastAnswer } from './last-answer.js';

/** Attempts to tell the customer's webhooks about a withdrawal, newest event first. */
export function WebhookDeliveries({
  withdrawal: { account_id: account, number },
}: {
  readonly withdrawal: WithdrawalDto;
}): ReactNode {
  const { cursor } = useSearchText();
  const query = { withdrawal_id: number, ...(cursor !== undefined && { cursor }) };
  const deliveries = useQuery(readOf(webhooks.withdrawalDeliveries(query)));
  return (
    <Section title="Webhook deliveries" what="The webhook deliveries" read={deliveries}>
      {({ data, next_cursor: next }) => (
        <>
          <DataTable
            label="Webhook deliveries"
            columns={columnsFor(account)}
            rows={data}
            keyOf={({ id }) => `${id}`}
            empty="No delivery is stored: no webhook subscribed to an event of this withdrawal, or the deliveries are older than the retention."
          />
          <CursorLinks next={next} />
          <p className="muted small">
            Every delivery is listed until the retention removes it, also after an immediate answer.
            The page of a delivery shows each attempt with its answer.
          </p>
        </>
      )}
    </Section>
  );
}

function columnsFor(account: string) {
  return [
    column<WithdrawalDeliveryDto>(
      'Delivery',
      ({ id, webhook_id: webhook }) => (
        <Link
          to="/accounts/$id"
          params={{ id: account }}
          search={{ part: 'webhooks', webhook, delivery: `${id}` }}
        >
          {id}
        </Link>
      ),
      'head',
    ),
    column<WithdrawalDeliveryDto>('Event', ({ event }) => event),
    column<WithdrawalDeliveryDto>('Endpoint', ({ url, webhook_state: state }) => (
      <>
        <Words text={url} />
        {state !== 'enabled' && (
          <>
            {' '}
            <StateBadge state={state} />
          </>
        )}
      </>
    )),
    column<WithdrawalDeliveryDto>('State', ({ status }) => <StateBadge state={status} />),
    column<WithdrawalDeliveryDto>('Attempts', ({ attempt_count: count }) => count, 'right'),
    column<WithdrawalDeliveryDto>('Last attempt', ({ last_attempt_at: at }) => <Instant at={at} />),
    column<WithdrawalDeliveryDto>('Last answer', (row) => <Words text={lastAnswer(row)} />),
    column<WithdrawalDeliveryDto>('Next attempt', ({ next_retry_at: at }) => <Instant at={at} />),
  ];
}
