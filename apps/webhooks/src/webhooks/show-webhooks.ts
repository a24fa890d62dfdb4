import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { Not } from 'typeorm';
import { WebhookEntity } from './webhook.entity.js';

@Injectable()
export class ShowWebhooks {
  constructor(private readonly database: Database) {}

  /** Of an account, the oldest first, without those that are deleted. */
  list(accountId: string): Promise<WebhookEntity[]> {
    return this.database.repository(WebhookEntity).find({
      where: { accountId, state: Not('deleted' as const) },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  /** A deleted one too, for its deliveries are there. Throws 404 for none, and for another account's. */
  async show(id: string, account?: string): Promise<WebhookEntity> {
    const webhook = await this.database.repository(WebhookEntity).findOne({ where: { id } });
    if (webhook === null || (account !== undefined && webhook.accountId !== account))
      throw ApiError.notFound('Webhook not found');
    return webhook;
  }
}
