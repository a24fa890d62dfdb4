import { CREATED_EVENT, webhookTime } from '../events/event-body.js';
import type { AccountEvent } from '../events/schedule-deliveries.js';
import type { WebhookEntity } from './webhook.entity.js';

/**
 * Builds the notice about a webhook created by operators, sent to every other webhook of the account
 * regardless of the subscribed events.
 */
export function createdEvent(
  created: Pick<WebhookEntity, 'id' | 'accountId' | 'url' | 'events' | 'createdAt'>,
): AccountEvent {
  const { id, accountId, url, events, createdAt } = created;
  return {
    accountId,
    event: CREATED_EVENT,
    data: {
      webhook_id: id,
      url,
      events,
      created_by: 'operator',
      created_at: webhookTime(createdAt),
    },
    exceptWebhookId: id,
  };
}
