import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { WebhooksClient } from './webhooks-client.js';
import { WebhooksController } from './webhooks.controller.js';

/** How customers manage their webhooks. */
@Module({
  imports: [ApiKeysModule],
  controllers: [WebhooksController],
  providers: [WebhooksClient],
})
export class WebhooksModule {}
