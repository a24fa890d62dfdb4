import { randomUUID } from 'node:crypto';
import { checkedText } from './arguments.js';
import type { Page } from './page.js';
import type { CallOptions, SignedCalls } from './signed-calls.js';
import type { WebhookEvent, WebhookEventName } from './webhook-event.js';

/** A webhook: your URL for receiving events. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookEventName[];
  readonly description: string | null;
  readonly state: string;
  readonly created_at: string;
  /** Start of the pause; no event has been sent since. */
  readonly paused_at: string | null;
  readonly paused_because: string | null;
  /** Start of the current failures; all attempts since have failed. */
  readonly failing_since: string | null;
  /** End of the overlap after a rotation; until the end the previous secret signs as well. */
  readonly previous_secret_until: string | null;
}

/**
 * `secret` is only in the responses of `create` and `rotateSecret`: store the secret immediately.
 */
export interface CreatedWebhook extends Webhook {
  readonly secret: string;
}

export interface NewWebhook {
  /** HTTPS. */
  readonly url: string;
  readonly events: readonly WebhookEventName[];
  readonly description?: string;
  /** Identifies repetitions; default: a new key for each call. */
  readonly idempotency_key?: string;
}

/** Changes of a webhook; omitted fields stay unchanged. */
export interface WebhookChange {
  readonly url?: string;
  readonly events?: readonly WebhookEventName[];
  readonly description?: string | null;
}

export interface SecretRotation {
  /**
   * Period of signing with the previous secret as well (s): default 1 day, maximum 1 week. 0 ends
   * the previous secret immediately.
   */
  readonly overlap_seconds?: number;
  readonly idempotency_key?: string;
}

/** Delivery of an event to a webhook. */
export interface WebhookDelivery {
  readonly id: number;
  readonly webhook_id: string;
  readonly event: string;
  readonly status: string;
  readonly attempt_count: number;
  readonly next_retry_at: string | null;
  readonly created_at: string;
  readonly ended_at: string | null;
}

export interface WebhookAttempt {
  readonly started_at: string;
  readonly duration_ms: number | null;
  readonly http_status: number | null;
  readonly error: string | null;
}

export interface WebhookDeliveryLog extends WebhookDelivery {
  readonly body: string;
  readonly attempts: readonly WebhookAttempt[];
}

export interface DeliveryFilter {
  readonly status?: 'pending' | 'delivered' | 'failed';
  readonly cursor?: number;
  readonly limit?: number;
}

export interface EventFilter {
  readonly event?: WebhookEventName;
  readonly withdrawal_id?: number;
  readonly client_reference?: string;
  readonly created_since?: string;
  readonly created_before?: string;
  readonly cursor?: number;
  readonly limit?: number;
}

const PATH = '/v1/webhooks';

/**
 * The account's webhooks; the key needs `manage_webhooks`. Methods with a webhook id throw
 * `NotFoundError` for an unknown webhook.
 */
export class Webhooks {
  constructor(private readonly calls: SignedCalls) {}

  /**
   * Repeated after a lost response: the idempotency key lets all attempts create a single webhook.
   */
  create(webhook: NewWebhook, options?: CallOptions): Promise<CreatedWebhook> {
    const body = { idempotency_key: randomUUID(), ...webhook };
    const call = { method: 'POST', path: PATH, repeat: 'idempotent', body } as const;
    return this.calls.object({ ...call, isAnswer: hasSecret }, options);
  }

  list(options?: CallOptions): Promise<readonly Webhook[]> {
    return this.calls.list(PATH, {}, options);
  }

  get(id: string, options?: CallOptions): Promise<Webhook> {
    return this.calls.object({ method: 'GET', path: pathOf(id), repeat: 'read' }, options);
  }

  edit(id: string, change: WebhookChange, options?: CallOptions): Promise<Webhook> {
    const call = { method: 'PATCH', path: pathOf(id), repeat: 'idempotent' } as const;
    return this.calls.object({ ...call, body: change }, options);
  }

  /** Answers the new secret. Verify with both until `previous_secret_until`. */
  rotateSecret(
    id: string,
    rotation: SecretRotation = {},
    options?: CallOptions,
  ): Promise<CreatedWebhook> {
    const body = { idempotency_key: randomUUID(), ...rotation };
    const path = `${pathOf(id)}/rotate-secret`;
    const call = { method: 'POST', path, repeat: 'idempotent', body } as const;
    return this.calls.object({ ...call, isAnswer: hasSecret }, options);
  }

  /** Resumes a paused webhook and sends the waiting events. */
  resume(id: string, options?: CallOptions): Promise<Webhook> {
    const path = `${pathOf(id)}/resume`;
    return this.calls.object({ method: 'POST', path, repeat: 'idempotent' }, options);
  }

  /** Sends a test event. Not repeated after a lost response: throws `OutcomeUnknownError`. */
  test(id: string, options?: CallOptions): Promise<WebhookDelivery> {
    return this.calls.object(
      { method: 'POST', path: `${pathOf(id)}/test`, repeat: 'once' },
      options,
    );
  }

  /** The newest first. */
  async deliveries(
    id: string,
    filter: DeliveryFilter = {},
    options?: CallOptions,
  ): Promise<Page<WebhookDelivery>> {
    return this.calls.page(`${pathOf(id)}/deliveries`, filter, options);
  }

  /** Returns the delivery with body and attempts, oldest attempt first. */
  delivery(id: string, deliveryId: number, options?: CallOptions): Promise<WebhookDeliveryLog> {
    const path = `${pathOf(id)}/deliveries/${deliveryId}`;
    return this.calls.object({ method: 'GET', path, repeat: 'read' }, options);
  }

  /**
   * Sends the same bytes under the same id again. Not repeated after a lost response: throws
   * `OutcomeUnknownError`.
   */
  redeliver(id: string, deliveryId: number, options?: CallOptions): Promise<WebhookDelivery> {
    const path = `${pathOf(id)}/deliveries/${deliveryId}/redeliver`;
    return this.calls.object({ method: 'POST', path, repeat: 'once' }, options);
  }

  /** Throws `NotFoundError` if the webhook does not exist. */
  async delete(id: string, options?: CallOptions): Promise<void> {
    await this.calls.make({ method: 'DELETE', path: pathOf(id), repeat: 'removal' }, options);
  }

  /** Lists the account's events, newest first, with or without a delivery to a webhook. */
  events(filter: EventFilter = {}, options?: CallOptions): Promise<Page<WebhookEvent>> {
    return this.calls.page('/v1/events', filter, options);
  }
}

function pathOf(id: string): string {
  return `${PATH}/${encodeURIComponent(checkedText('id', id))}`;
}

function hasSecret(data: unknown): boolean {
  return typeof (data as Partial<CreatedWebhook> | null)?.secret === 'string';
}
