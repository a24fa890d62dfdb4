import type {
  CreatedWebhookDto,
  CreateWebhookDto,
  DeliveryDto,
  DeliveryHistoryDto,
  DeliveryListQuery,
  RequeuedDto,
  RequeueDto,
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

  /** Sends it an event that is none, to try it out. */
  testWebhook(id: string): Promise<DeliveryDto> {
    return this.http.post(path`/internal/webhooks/${id}/test`);
  }

  pauseWebhook(id: string): Promise<WebhookDto> {
    return this.http.post(path`/internal/webhooks/${id}/pause`);
  }

  resumeWebhook(id: string): Promise<WebhookDto> {
    return this.http.post(path`/internal/webhooks/${id}/resume`);
  }

  /** The newest first. */
  deliveries(webhookId: string, query: DeliveryListQuery = {}): Promise<Page<DeliveryDto>> {
    return this.http.page(path`/internal/webhooks/${webhookId}/deliveries`, { ...query });
  }

  delivery(id: string | number): Promise<DeliveryHistoryDto> {
    return this.http.get(path`/internal/deliveries/${id}`);
  }

  requeueDelivery(id: string | number): Promise<DeliveryDto> {
    return this.http.post(path`/internal/deliveries/${id}/requeue`);
  }

  /** Those that failed in this time. */
  requeueDeliveries(webhookId: string, between: RequeueDto): Promise<RequeuedDto> {
    return this.http.post(path`/internal/webhooks/${webhookId}/requeue`, between);
  }
}
