import { Module } from '@nestjs/common';
import { SecretBox } from '@sluice/signing';
import { CONFIG } from '@sluice/service-shell';
import type { WebhooksConfig } from './config.js';
import { DeliveriesController } from './deliveries/deliveries.admin.controller.js';
import { EventsController, ShowEvents } from './events/events.admin.controller.js';
import { RequeueDeliveries, ShowDeliveries } from './deliveries/deliveries.js';
import { WithdrawalEventsConsumer } from './deliveries/withdrawal-events.consumer.js';
import { DeliverySeals } from './trust/delivery-seals.js';
import { NameCheck, NameResolver } from './guard/guarded-lookup.js';
import { Endpoints } from './sending/endpoints.js';
import { Sender } from './sending/sender.js';
import { WebhookHttp } from './sending/webhook-http.js';
import { ChangeWebhook, EditWebhook } from './webhooks/edit-webhook.js';
import { CreatedNotice, CreateWebhook, WebhookFaults } from './webhooks/create-webhook.js';
import { WebhookAgreement } from './webhooks/webhook-agreement.js';
import { ForgetReplacedSecrets, RewrapSecrets } from './secrets/rewrap-secrets.js';
import { PauseFailingWebhooks } from './webhooks/pause-failing-webhooks.js';
import {
  RotateSecret,
  WebhookSecretsController,
} from './webhooks/webhook-secrets.admin.controller.js';
import {
  DeliveriesOfWebhookController,
  SendTestEvent,
} from './webhooks/webhook-deliveries.admin.controller.js';
import { ShowWebhooks } from './webhooks/webhook-view.js';
import { WebhooksController } from './webhooks/webhooks.admin.controller.js';

/** All features: events become deliveries, deliveries are sent, and the admin API shows both. */
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
    WebhookAgreement,
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
