import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WebhookDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { webhooks } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { StateBadge } from '../../components/state-badge.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Code, Instant, Words } from '../../reading/values.js';
import { Deliveries } from './deliveries.js';
import { Delivery } from './delivery.js';
import { WebhookActions } from './webhook-actions.js';

const COLUMNS = [
  column<WebhookDto>(
    'Webhook',
    ({ id, url }) => (
      <>
        <Words text={url} />
        <br />
        <Code text={id} />
      </>
    ),
    'head',
  ),
  column<WebhookDto>('State', (webhook) => <State of={webhook} />),
  column<WebhookDto>('Events', ({ events }) => <Words text={events.join(', ')} />),
  column<WebhookDto>('Description', ({ description }) => <Words text={description} />),
  column<WebhookDto>('Created', ({ created_at: at }) => <Instant at={at} />),
  column<WebhookDto>('Deliveries', ({ id }) => (
    <Link to="." search={{ part: 'webhooks', webhook: id }}>
      Deliveries
    </Link>
  )),
  column<WebhookDto>('Actions', (webhook) => <WebhookActions of={webhook} />),
];

/** Webhooks of the account; the address names the webhook and the delivery that are shown. */
export function AccountWebhooks({ id }: { readonly id: string }): ReactNode {
  const { webhook, delivery } = useSearchText();
  const list = useQuery(readOf(webhooks.webhooks({ account: id })));
  return (
    <>
      <Section
        title="Webhooks"
        what="The webhooks"
        read={list}
        aside={
          <span className="muted">
            The customer registers one with an API key, or two people with{' '}
            <code>sluice webhook create</code>: its secret may not pass this server.
          </span>
        }
      >
        {(rows) => (
          <DataTable
            label="Webhooks"
            columns={COLUMNS}
            rows={rows}
            keyOf={({ id: one }) => one}
            empty="The account has no webhook."
          />
        )}
      </Section>
      {webhook !== undefined && <Deliveries account={id} webhook={webhook} />}
      {delivery !== undefined && <Delivery account={id} delivery={delivery} />}
    </>
  );
}

function State({
  of: { state, paused_at: pausedAt, paused_because: because, failing_since: failing },
}: {
  readonly of: WebhookDto;
}): ReactNode {
  return (
    <>
      <StateBadge state={state} />
      {pausedAt !== null && (
        <p className="small">
          paused {because === 'failures' ? 'after days of failures' : 'on request'} at{' '}
          <Instant at={pausedAt} />
        </p>
      )}
      {failing !== null && (
        <p className="small bad-text">
          no success since <Instant at={failing} />
        </p>
      )}
    </>
  );
}
