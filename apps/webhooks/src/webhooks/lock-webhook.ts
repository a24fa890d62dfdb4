import { ApiError } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';
import { WebhookEntity } from './webhook.entity.js';

/** One webhook, locked until the transaction ends. Throws 404 where there is none, where it is deleted, and where it is another account's. */
export async function lockedWebhook(
  tx: Tx,
  id: string,
  account: string | undefined,
): Promise<WebhookEntity> {
  const webhook = await tx.repository(WebhookEntity).findOne({
    where: { id, ...(account !== undefined && { accountId: account }) },
    lock: { mode: 'pessimistic_write' },
  });
  if (webhook === null || webhook.state === 'deleted') throw ApiError.notFound('Webhook not found');
  return webhook;
}
