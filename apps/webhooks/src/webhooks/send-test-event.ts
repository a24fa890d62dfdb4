import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { UnitOfWork } from '@sluice/postgres';
import { TEST_EVENT } from '../events/event-body.js';
import { DeliverySeals } from '../trust/delivery-seals.js';
import { scheduleDelivery } from '../events/schedule-deliveries.js';
import { Sender } from '../sending/sender.js';
import { allowSend } from '../sending/allow-send.js';
import { WebhookEntity } from './webhook.entity.js';

/**
 * Sends a test event to check arrival and verification of webhooks. The event is sent like any
 * other, regardless of the subscribed events.
 */
@Injectable()
export class SendTestEvent {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
    private readonly seals: DeliverySeals,
  ) {}

  /**
   * Returns the delivery number. Throws 404 if the webhook is missing, 409 if paused, and 429 if
   * the account has requested too many sends.
   */
  async send(webhookId: string, account?: string): Promise<string> {
    const deliveryId = await this.unitOfWork.run(async (tx) => {
      const webhook = await tx
        .repository(WebhookEntity)
        .findOne({ where: { id: webhookId }, lock: { mode: 'pessimistic_read' } });
      const isTheirs = account === undefined || webhook?.accountId === account;
      if (webhook === null || webhook.state === 'deleted' || !isTheirs)
        throw ApiError.notFound('Webhook not found');
      if (webhook.state === 'paused') throw ApiError.conflict('This webhook is paused');
      if (account !== undefined) await allowSend(tx, account);
      return scheduleDelivery(tx, this.seals, webhook, {
        event: TEST_EVENT,
        data: { webhook_id: webhookId, message: 'This is a test' },
      });
    });
    this.sender.wake([webhookId]);
    return deliveryId;
  }
}
