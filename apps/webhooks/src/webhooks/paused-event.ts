import { webhookTime } from '../events/event-body.js';
import type { AccountEvent } from '../events/schedule-deliveries.js';

export interface PausedWebhook {
  readonly id: string;
  readonly account_id: string;
  readonly url: string;
  readonly failing_since: Date | null;
  readonly paused_at: Date;
  readonly paused_because: 'wish' | 'failures';
}

/** Builds the event for a paused webhook, sent to other subscribed webhooks of the account. */
export function pausedEvent(paused: PausedWebhook): AccountEvent {
  const { id, account_id: accountId, url, failing_since: since, paused_at: at } = paused;
  return {
    accountId,
    event: 'webhook.paused',
    data: {
      webhook_id: id,
      url,
      reason: paused.paused_because,
      failing_since: since && webhookTime(since),
      paused_at: webhookTime(at),
    },
    exceptWebhookId: id,
  };
}
