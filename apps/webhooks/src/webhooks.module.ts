import { Module } from '@nestjs/common';
import { SecretBox } from '@sluice/signing';
import { CONFIG } from '@sluice/service-shell';
import type { WebhooksConfig } from './config.js';
import { DeliveriesController } from './deliveries/deliveries.admin.controller.js';
import { EventsController } from './events/events.admin.controller.js';
import { RequeueDeliveries } from './deliveries/requeue-deliveries.js';
import { ShowDeliveries } from './deliveries/show-deliveries.js';
import { ShowEvents } from './events/show-events.js';
import { WithdrawalEventsConsumer } from './deliveries/withdrawal-events.consumer.js';
import { DeliverySeals } from './trust/delivery-seals.js';
import { NameCheck } from './guard/name-check.js';
import { NameResolver } from './guard/name-resolver.js';
import { Endpoints } from './sending/endpoints.js';
import { Sender } from './sending/sender.js';
import { WebhookHttp } from './sending/webhook-http.js';
import { ChangeWebhook } from './webhooks/change-webhook.js';
import { CreateWebhook } from './webhooks/create-webhook.js';
import { CreatedNotice } from './webhooks/created-notice.js';
import { EditWebhook } from './webhooks/edit-webhook.js';
import { ForgetReplacedSecrets } from './secrets/forget-replaced-secrets.js';
import { PauseFailingWebhooks } from './webhooks/pause-failing-webhooks.js';
import { RewrapSecrets } from './secrets/rewrap-secrets.js';
import { RotateSecret } from './webhooks/rotate-secret.js';
import { SendTestEvent } from './webhooks/send-test-event.js';
import { ShowWebhooks } from './webhooks/show-webhooks.js';
import { WebhookFaults } from './webhooks/webhook-faults.js';
import { DeliveriesOfWebhookController } from './webhooks/webhook-deliveries.admin.controller.js';
import { WebhookSecretsController } from './webhooks/webhook-secrets.admin.controller.js';
import { WebhooksController } from './webhooks/webhooks.admin.controller.js';

/**
 * Module of all features, because each depends on the others: events become deliveries, deliveries
 * are sent, and the admin API shows both.
 */
@Module({
  controllers: [
    WebhooksController,
    WebhookSecretsController,
    DeliveriesOfWebhookController,
    DeliveriesController,
    EventsController,
    WithdrawalEventsConsumer,
  ],
  providers: [
    {
      provide: SecretBox,
      useFactory: ({ secretsKeks }: WebhooksConfig) =>
        new SecretBox(secretsKeks.map((one) => one.reveal())),
      inject: [CONFIG],
    },
    DeliverySeals,
    NameResolver,
    NameCheck,
    WebhookHttp,
    Endpoints,
    Sender,
    WebhookFaults,
    CreateWebhook,
    CreatedNotice,
    EditWebhook,
    RotateSecret,
    ForgetReplacedSecrets,
    ShowWebhooks,
    ChangeWebhook,
    SendTestEvent,
    RewrapSecrets,
    PauseFailingWebhooks,
    ShowDeliveries,
    ShowEvents,
    RequeueDeliveries,
  ],
})
export class WebhooksModule {}
