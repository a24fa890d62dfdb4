import { Module } from '@nestjs/common';
import { ConnectorEngineModule } from '@sluice/connector-engine';
import type { UpvestConfig } from './config.js';
import { UpvestWebhookController } from './http/upvest-webhook.controller.js';
import { UpvestAdapter } from './venue/upvest.adapter.js';
import { UPVEST_RATE_RULES, upvestCapabilities } from './venue/upvest.capabilities.js';
import { UpvestClient } from './venue/upvest.client.js';
import { UpvestStartCheck } from './venue/upvest.start-check.js';

@Module({
  imports: [
    ConnectorEngineModule.forRoot({
      capabilities: (config: UpvestConfig) =>
        upvestCapabilities(config.absenceAfterMs, config.replayForMs, config),
      rateRules: UPVEST_RATE_RULES,
      adapter: UpvestAdapter,
      startCheck: UpvestStartCheck,
      providers: [UpvestClient],
    }),
  ],
  controllers: [UpvestWebhookController],
})
export class ConnectorUpvestModule {}
