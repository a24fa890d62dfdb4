import { Injectable } from '@nestjs/common';
import type { Tx } from '@sluice/postgres';
import { CREATED_EVENT, webhookTime } from '../events/event-body.js';
import { scheduleDeliveries, type AccountEvent } from '../events/schedule-deliveries.js';
import { Sender } from '../sending/sender.js';
import { DeliverySeals } from '../trust/delivery-seals.js';
import type { WebhookEntity } from './webhook.entity.js';

type CreatedWebhook = Pick<WebhookEntity, 'id' | 'accountId' | 'url' | 'events' | 'createdAt'>;

/** Notice to the other webhooks of an account that people have added a webhook. */
@Injectable()
export class CreatedNotice {
  constructor(
    private readonly seals: DeliverySeals,
    private readonly sender: Sender,
  ) {}

  /** Stores the deliveries. Returns the webhooks to pass to `send` after the commit. */
  schedule(tx: Tx, created: CreatedWebhook): Promise<readonly string[]> {
    return scheduleDeliveries(tx, this.seals, [createdEvent(created)]);
  }

  send(webhooks: readonly string[]): void {
    this.sender.wake(webhooks);
  }
}

/**
 * Builds the notice about a webhook created by operators, sent to every other webhook of the account
 * regardless of the subscribed events.
 */
function createdEvent({ id, accountId, url, events, createdAt }: CreatedWebhook): AccountEvent {
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
