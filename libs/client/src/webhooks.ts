import { randomUUID } from 'node:crypto';
import type {
  CreatedWebhook,
  DeliveryFilter,
  EventFilter,
  NewWebhook,
  SecretRotation,
  Webhook,
  WebhookChange,
  WebhookDelivery,
  WebhookDeliveryLog,
} from './api-types.js';
import { checkedText } from './arguments.js';
import type { Page } from './page.js';
import type { CallOptions, SignedCalls } from './signed-calls.js';
import type { WebhookEvent } from './webhook-event.js';

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
