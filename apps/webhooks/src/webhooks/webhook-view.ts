import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import { ApiError, type CreatedWebhookDto, type WebhookDto } from '@sluice/http-api';
import { Database, type Tx } from '@sluice/postgres';
import type { SealedSecret, SecretBox } from '@sluice/signing';
import { meaningOf } from '../secrets/webhook-secret.js';
import { WebhookEntity } from './webhook.entity.js';

@Injectable()
export class ShowWebhooks {
  constructor(private readonly database: Database) {}

  list(accountId: string): Promise<WebhookEntity[]> {
    return this.database.repository(WebhookEntity).find({
      where: { accountId, state: Not('deleted' as const) },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  /**
   * Shows even a deleted webhook, whose deliveries exist. Throws 404 if missing or another owner's.
   */
  async show(id: string, account?: string): Promise<WebhookEntity> {
    const webhook = await this.database.repository(WebhookEntity).findOne({ where: { id } });
    if (webhook === null || (account !== undefined && webhook.accountId !== account))
      throw ApiError.notFound('Webhook not found');
    return webhook;
  }
}

export function webhookDto(webhook: Omit<WebhookEntity, 'sealed' | 'previousSealed'>): WebhookDto {
  return {
    id: webhook.id,
    account: webhook.accountId,
    url: webhook.url,
    events: webhook.events,
    description: webhook.description,
    state: webhook.state,
    created_at: webhook.createdAt.toISOString(),
    paused_at: webhook.pausedAt?.toISOString() ?? null,
    paused_because: webhook.pausedBecause,
    failing_since: webhook.failingSince?.toISOString() ?? null,
    previous_secret_until: webhook.previousUntil?.toISOString() ?? null,
  };
}

export function createdWebhookDto({ webhook, ...answered }: AnsweredSecret): CreatedWebhookDto {
  return { ...webhookDto(webhook), ...answered };
}

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
