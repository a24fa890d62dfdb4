import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONNECTOR_ADMIN_CONTROLLERS, ConnectorEngine } from '@sluice/connector-engine';
import type { Platform } from '@sluice/service-shell';
import type { BitmartConfig } from './config.js';
import { BitmartConnector } from './connector-bitmart.js';
import { BitmartCommandsConsumer } from './kafka/bitmart-commands.consumer.js';

/** The only wiring of the app. */
@Module({})
export class ConnectorBitmartModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(BitmartConnector) private readonly connector: BitmartConnector) {}

  static of(platform: Platform, config: BitmartConfig): DynamicModule {
    const connector = BitmartConnector.create(platform, config);
    platform.health.add(() => connector.engine.faults());
    return {
      module: ConnectorBitmartModule,
      controllers: [BitmartCommandsConsumer, ...CONNECTOR_ADMIN_CONTROLLERS],
      providers: [
        { provide: BitmartConnector, useValue: connector },
        { provide: ConnectorEngine, useValue: connector.engine },
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
