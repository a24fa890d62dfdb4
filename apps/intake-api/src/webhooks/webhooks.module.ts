import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { EventsController, WebhookDeliveriesController } from './deliveries.controller.js';
import { WebhooksClient } from './webhooks-client.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  imports: [ApiKeysModule],
  controllers: [WebhooksController, WebhookDeliveriesController, EventsController],
  providers: [WebhooksClient],
})
export class WebhooksModule {}
