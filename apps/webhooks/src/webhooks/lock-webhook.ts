import { ApiError } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';
import { WebhookEntity } from './webhook.entity.js';

/**
 * Returns a webhook, locked until the transaction ends. Throws 404 if the webhook is missing,
 * deleted, or owned by another account.
 */
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
