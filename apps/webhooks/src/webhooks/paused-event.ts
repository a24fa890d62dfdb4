import { webhookTime } from '../deliveries/event-body.js';
import type { AccountEvent } from '../deliveries/schedule-deliveries.js';

export interface PausedWebhook {
  readonly id: string;
  readonly account_id: string;
  readonly url: string;
  readonly failing_since: Date | null;
  readonly paused_at: Date;
  readonly paused_because: 'wish' | 'failures';
}

/** Tells an account that one of its webhooks is paused, by those of the others that subscribe it. */
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
