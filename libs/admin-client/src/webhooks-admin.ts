import type {
  CreatedWebhookDto,
  CreateWebhookDto,
  DeliveriesQuery,
  DeliveryDto,
  DeliveryWithAttemptsDto,
  RequeuedDeliveriesDto,
  RequeueDeliveriesDto,
  WebhookDto,
} from '@sluice/admin-api';
import type { Page } from '@sluice/http-api';
import { path } from './admin-http.js';
import { ServiceAdmin } from './service-admin.js';

/** What the service of webhooks answers operators, and intake-api for its customers. */
export class WebhooksAdmin extends ServiceAdmin {
  /** Of every account where none is named. */
  webhooks(account?: string): Promise<readonly WebhookDto[]> {
    return this.http.list('/internal/webhooks', { account });
  }

  /** The one answer with the secret. */
  createWebhook(webhook: CreateWebhookDto): Promise<CreatedWebhookDto> {
    return this.http.post('/internal/webhooks', webhook);
  }

  webhook(id: string): Promise<WebhookDto> {
    return this.http.get(path`/internal/webhooks/${id}`);
  }

  deleteWebhook(id: string): Promise<WebhookDto> {
    return this.http.delete(path`/internal/webhooks/${id}`);
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
  deliveries(webhookId: string, query: DeliveriesQuery = {}): Promise<Page<DeliveryDto>> {
    return this.http.page(path`/internal/webhooks/${webhookId}/deliveries`, { ...query });
  }

  delivery(id: string): Promise<DeliveryWithAttemptsDto> {
    return this.http.get(path`/internal/deliveries/${id}`);
  }

  requeueDelivery(id: string): Promise<DeliveryDto> {
    return this.http.post(path`/internal/deliveries/${id}/requeue`);
  }

  /** Those that failed in this time. */
  requeueDeliveries(
    webhookId: string,
    between: RequeueDeliveriesDto,
  ): Promise<RequeuedDeliveriesDto> {
    return this.http.post(path`/internal/webhooks/${webhookId}/requeue`, between);
  }
}
