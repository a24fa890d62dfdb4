import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONNECTOR_ADMIN_CONTROLLERS, ConnectorEngine } from '@sluice/connector-engine';
import type { Platform } from '@sluice/service-shell';
import { readUpvestPublicKey } from '@sluice/signing';
import type { UpvestConfig } from './config.js';
import { UpvestConnector } from './connector-upvest.js';
import { UpvestWebhookController, WEBHOOK_KEY } from './http/upvest-webhook.controller.js';
import { UpvestCommandsConsumer } from './kafka/upvest-commands.consumer.js';

/** The only wiring of the app. */
@Module({})
export class ConnectorUpvestModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(UpvestConnector) private readonly connector: UpvestConnector) {}

  static of(platform: Platform, config: UpvestConfig): DynamicModule {
    const connector = UpvestConnector.create(platform, config);
    platform.health.add(() => connector.engine.faults());
    return {
      module: ConnectorUpvestModule,
      controllers: [
        UpvestCommandsConsumer,
        ...CONNECTOR_ADMIN_CONTROLLERS,
        UpvestWebhookController,
      ],
      providers: [
        { provide: UpvestConnector, useValue: connector },
        { provide: ConnectorEngine, useValue: connector.engine },
        {
          provide: WEBHOOK_KEY,
          useValue:
            config.webhookPublicKey === null ? null : readUpvestPublicKey(config.webhookPublicKey),
        },
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.connector.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.connector.stop();
  }
}
