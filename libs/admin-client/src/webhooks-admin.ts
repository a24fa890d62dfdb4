import type {
  AccountEventDto,
  AccountEventsQuery,
  CreatedWebhookDto,
  CreateWebhookDto,
  DeliveryDto,
  DeliveryHistoryDto,
  DeliveryListQuery,
  DeliveryOwnerQuery,
  EditWebhookDto,
  RequeuedDto,
  RequeueDto,
  RotateSecretDto,
  WebhookDto,
} from '@sluice/admin-api';
import type { Page } from '@sluice/http-api';
import { path } from './admin-http.js';
import { ServiceAdmin } from './service-admin.js';

/** What the service of webhooks answers operators, and intake-api for its customers. */
export class WebhooksAdmin extends ServiceAdmin {
  webhooks(account: string): Promise<readonly WebhookDto[]> {
    return this.http.list('/internal/webhooks', { account });
  }

  /** The one answer with the secret. */
  createWebhook(webhook: CreateWebhookDto): Promise<CreatedWebhookDto> {
    return this.http.post('/internal/webhooks', webhook);
  }

  /** Of another account than this one it is not found. */
  webhook(id: string, account?: string): Promise<WebhookDto> {
    return this.http.get(path`/internal/webhooks/${id}`, { account });
  }

  /** Of another account than this one it is not found. */
  deleteWebhook(id: string, account?: string): Promise<WebhookDto> {
    return this.http.delete(path`/internal/webhooks/${id}`, { account });
  }

  /** What is not given stays as it is. Of another account than this one it is not found. */
  editWebhook(id: string, change: EditWebhookDto, account?: string): Promise<WebhookDto> {
    return this.http.patch(path`/internal/webhooks/${id}`, { account }, change);
  }

  /** Answers the new secret. */
  rotateWebhook(id: string, wish: RotateSecretDto, account?: string): Promise<CreatedWebhookDto> {
    return this.http.postFor(path`/internal/webhooks/${id}/rotate`, { account }, wish);
  }

  /** Sends it an event that is none, to try it out. */
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

  /** Of another owner than this one it is not found. */
  delivery(id: string | number, owner: DeliveryOwnerQuery = {}): Promise<DeliveryHistoryDto> {
    return this.http.get(path`/internal/deliveries/${id}`, { ...owner });
  }

  requeueDelivery(id: string | number, owner: DeliveryOwnerQuery = {}): Promise<DeliveryDto> {
    return this.http.postFor(path`/internal/deliveries/${id}/requeue`, { ...owner });
  }

  /** What happened to an account, the newest first. */
  events(query: AccountEventsQuery): Promise<Page<AccountEventDto>> {
    return this.http.page('/internal/events', { ...query });
  }

  /** Those that failed in this time. */
  requeueDeliveries(webhookId: string, between: RequeueDto): Promise<RequeuedDto> {
    return this.http.post(path`/internal/webhooks/${webhookId}/requeue`, between);
  }
}
