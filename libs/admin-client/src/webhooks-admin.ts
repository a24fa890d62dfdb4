import type {
  AccountEventDto,
  AccountEventsQuery,
  AwaitedDto,
  CreatedWebhookDto,
  CreateWebhookDto,
  DeliveryDto,
  DeliveryHistoryDto,
  DeliveryListQuery,
  DeliveryOwnerQuery,
  EditWebhookDto,
  Page,
  RequeuedDto,
  RequeueDto,
  RotateSecretDto,
  WebhookDto,
} from '@sluice/http-api';
import { path } from './admin-http.js';
import { ServiceAdmin } from './service-admin.js';

/**
 * Client of the admin API of the webhooks service, used by operators and by intake-api on behalf of
 * customers.
 */
export class WebhooksAdmin extends ServiceAdmin {
  webhooks(account: string): Promise<readonly WebhookDto[]> {
    return this.http.list('/internal/webhooks', { account });
  }

  /**
   * Creates a webhook. Only this answer contains the secret. A person's request awaits a second
   * person.
   */
  createWebhook(webhook: CreateWebhookDto): Promise<CreatedWebhookDto | AwaitedDto> {
    return this.http.post('/internal/webhooks', webhook);
  }

  /** Returns a webhook. Refused as not found if the webhook belongs to another account. */
  webhook(id: string, account?: string): Promise<WebhookDto> {
    return this.http.get(path`/internal/webhooks/${id}`, { account });
  }

  /** Deletes a webhook. Refused as not found if the webhook belongs to another account. */
  deleteWebhook(id: string, account?: string): Promise<WebhookDto> {
    return this.http.delete(path`/internal/webhooks/${id}`, { account });
  }

  /**
   * Changes the given fields of a webhook. Refused as not found if the webhook belongs to another
   * account.
   */
  editWebhook(id: string, change: EditWebhookDto, account?: string): Promise<WebhookDto> {
    return this.http.patch(path`/internal/webhooks/${id}`, { account }, change);
  }

  /** Answers the new secret. */
  rotateWebhook(id: string, wish: RotateSecretDto, account?: string): Promise<CreatedWebhookDto> {
    return this.http.postFor(path`/internal/webhooks/${id}/rotate`, { account }, wish);
  }

  /** Sends a test event to the webhook. */
  testWebhook(id: string, account?: string): Promise<DeliveryDto> {
    return this.http.postFor(path`/internal/webhooks/${id}/test`, { account });
  }

  pauseWebhook(id: string): Promise<WebhookDto> {
    return this.http.post(path`/internal/webhooks/${id}/pause`);
  }

  resumeWebhook(id: string, account?: string): Promise<WebhookDto> {
    return this.http.postFor(path`/internal/webhooks/${id}/resume`, { account });
  }

  /** The newest first. */
  deliveries(webhookId: string, query: DeliveryListQuery = {}): Promise<Page<DeliveryDto>> {
    return this.http.page(path`/internal/webhooks/${webhookId}/deliveries`, { ...query });
  }

  /**
   * Returns a delivery with history. Refused as not found if the delivery belongs to another owner.
   */
  delivery(id: string | number, owner: DeliveryOwnerQuery = {}): Promise<DeliveryHistoryDto> {
    return this.http.get(path`/internal/deliveries/${id}`, { ...owner });
  }

  requeueDelivery(id: string | number, owner: DeliveryOwnerQuery = {}): Promise<DeliveryDto> {
    return this.http.postFor(path`/internal/deliveries/${id}/requeue`, { ...owner });
  }

  /** Lists the events of an account, newest first. */
  events(query: AccountEventsQuery): Promise<Page<AccountEventDto>> {
    return this.http.page('/internal/events', { ...query });
  }

  /** Requeues the deliveries failed in the given period. */
  requeueDeliveries(webhookId: string, between: RequeueDto): Promise<RequeuedDto> {
    return this.http.post(path`/internal/webhooks/${webhookId}/requeue`, between);
  }
}
