import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { Not } from 'typeorm';
import { WebhookEntity } from './webhook.entity.js';

@Injectable()
export class ShowWebhooks {
  constructor(private readonly database: Database) {}

  /** Lists the webhooks of an account, oldest first, without deleted webhooks. */
  list(accountId: string): Promise<WebhookEntity[]> {
    return this.database.repository(WebhookEntity).find({
      where: { accountId, state: Not('deleted' as const) },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  /**
   * Shows a webhook, even a deleted webhook, because the deliveries still exist. Throws 404 for a
   * missing webhook or another owner.
   */
  async show(id: string, account?: string): Promise<WebhookEntity> {
    const webhook = await this.database.repository(WebhookEntity).findOne({ where: { id } });
    if (webhook === null || (account !== undefined && webhook.accountId !== account))
      throw ApiError.notFound('Webhook not found');
    return webhook;
  }
}
