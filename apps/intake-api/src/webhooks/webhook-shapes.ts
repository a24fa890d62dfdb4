import type {
  DeliveryAttemptDto,
  DeliveryDto,
  DeliveryHistoryDto,
  WebhookDto,
} from '@sluice/http-api';
import { restTime } from '../http/rest-time.js';
import type {
  WebhookAttemptDto,
  WebhookDeliveryDto,
  WebhookDeliveryLogDto,
} from './delivery.dto.js';
import type { RegisteredWebhookDto } from './webhook.dto.js';

/** Converts a webhook to the form shown to the account. */
export function webhookShape(webhook: WebhookDto): RegisteredWebhookDto {
  const { id, url, events, description, state } = webhook;
  return {
    id,
    url,
    events,
    description,
    state,
    created_at: restTime(new Date(webhook.created_at)),
    paused_at: restTimeOf(webhook.paused_at),
    paused_because: webhook.paused_because,
    failing_since: restTimeOf(webhook.failing_since),
    previous_secret_until: restTimeOf(webhook.previous_secret_until),
  };
}

export function deliveryShape(delivery: DeliveryDto): WebhookDeliveryDto {
  const { id, webhook_id, event, status, attempt_count } = delivery;
  return {
    id,
    webhook_id,
    event,
    status,
    attempt_count,
    next_retry_at: restTimeOf(delivery.next_retry_at),
    created_at: restTime(new Date(delivery.created_at)),
    ended_at: restTimeOf(delivery.ended_at),
  };
}

export function deliveryLogShape(delivery: DeliveryHistoryDto): WebhookDeliveryLogDto {
  return {
    ...deliveryShape(delivery),
    body: delivery.body,
    attempts: delivery.attempts.map(attemptShape),
  };
}

/**
 * Omits the receiver's response body: a customer must not be able to read other servers through a
 * webhook URL.
 */
function attemptShape({
  started_at,
  duration_ms,
  status,
  error,
}: DeliveryAttemptDto): WebhookAttemptDto {
  return { started_at: restTime(new Date(started_at)), duration_ms, http_status: status, error };
}

function restTimeOf(text: string | null | undefined): string | null {
  return typeof text === 'string' ? restTime(new Date(text)) : null;
}
