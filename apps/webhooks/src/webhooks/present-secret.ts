import { ApiError } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';
import type { SecretBox, SealedSecret } from '@sluice/signing';
import { meaningOf } from '../secrets/sealed-webhook.js';
import { WebhookEntity } from './webhook.entity.js';

interface WebhookWithSecret {
  readonly webhook: Omit<WebhookEntity, 'sealed' | 'previousSealed'>;
  readonly secret: string;
}

/** Returned only to the creating request and to repeats. */
export interface AnsweredSecret extends WebhookWithSecret {
  /** An earlier request has made the secret. */
  readonly replayed: boolean;
}

/** Opens the current secret of a webhook. Throws if the row does not match the seal. */
export async function presentSecret(
  tx: Tx,
  box: SecretBox,
  webhookId: string,
): Promise<WebhookWithSecret> {
  const webhook = await tx.repository(WebhookEntity).findOne({ where: { id: webhookId } });
  const [row] = await tx.query<{ sealed: SealedSecret | null }>(
    'SELECT sealed FROM webhook WHERE id = $1',
    [webhookId],
  );
  if (webhook === null || !row?.sealed) throw ApiError.notFound('Webhook not found');
  return { webhook, secret: box.open(row.sealed, webhookId, meaningOf(webhook)) };
}
