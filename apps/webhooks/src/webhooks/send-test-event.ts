import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { UnitOfWork } from '@sluice/postgres';
import { TEST_EVENT } from '../deliveries/event-body.js';
import { scheduleDelivery } from '../deliveries/schedule-deliveries.js';
import { Sender } from '../sending/sender.js';
import { allowSend } from './allow-send.js';
import { WebhookEntity } from './webhook.entity.js';

/** An event that is none, to see that a webhook arrives and verifies. It is sent like any other, whatever the webhook subscribes. */
@Injectable()
export class SendTestEvent {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
  ) {}

  /** Answers the delivery's number. Throws 404 where there is no such webhook, 409 where it is paused, and 429 where the account has asked too often. */
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
      return scheduleDelivery(tx, webhookId, {
        event: TEST_EVENT,
        data: { webhook_id: webhookId, message: 'This is a test' },
      });
    });
    this.sender.wake([webhookId]);
    return deliveryId;
  }
}
