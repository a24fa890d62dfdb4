import { checkedText } from './arguments.js';
import { rowsOf } from './page.js';
import type { CallOptions, SignedCalls } from './signed-calls.js';
import type { WebhookEventName } from './webhook-event.js';

/** An address of yours that is told of events. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookEventName[];
  readonly description: string | null;
  readonly state: string;
  readonly created_at: string;
}

/** `secret` is in this one answer and in no other: keep it now. */
export interface CreatedWebhook extends Webhook {
  readonly secret: string;
}

export interface NewWebhook {
  /** HTTPS. */
  readonly url: string;
  readonly events: readonly WebhookEventName[];
  readonly description?: string;
}

const PATH = '/v1/webhooks';

/** The account's webhooks; the key needs `manage_webhooks`. */
export class Webhooks {
  constructor(private readonly calls: SignedCalls) {}

  /** Not repeated when its answer is lost: `OutcomeUnknownError`; look with `list`, and delete one whose secret nobody has. */
  async create(webhook: NewWebhook, options?: CallOptions): Promise<CreatedWebhook> {
    const call = { method: 'POST', path: PATH, repeat: 'once', body: webhook } as const;
    const { data } = await this.calls.make(call, options);
    return data as CreatedWebhook;
  }

  async list(options?: CallOptions): Promise<readonly Webhook[]> {
    const { data } = await this.calls.make({ method: 'GET', path: PATH, repeat: 'read' }, options);
    return rowsOf(data) as readonly Webhook[];
  }

  /** Throws `NotFoundError` where there is none. */
  async delete(id: string, options?: CallOptions): Promise<void> {
    const path = `${PATH}/${encodeURIComponent(checkedText('id', id))}`;
    await this.calls.make({ method: 'DELETE', path, repeat: 'removal' }, options);
  }
}
