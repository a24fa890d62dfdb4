import type { CreatedWebhookDto, WebhookDto } from '@sluice/http-api';
import type { AnsweredSecret } from './present-secret.js';
import type { WebhookEntity } from './webhook.entity.js';

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
