import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONNECTOR_ADMIN_CONTROLLERS, ConnectorEngine } from '@sluice/connector-engine';
import type { Platform } from '@sluice/service-shell';
import type { BybitConfig } from './config.js';
import { BybitConnector } from './connector-bybit.js';
import { BybitCommandsConsumer } from './kafka/bybit-commands.consumer.js';

/** The only wiring of the app. */
@Module({})
export class ConnectorBybitModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(BybitConnector) private readonly connector: BybitConnector) {}

  static of(platform: Platform, config: BybitConfig): DynamicModule {
    const connector = BybitConnector.create(platform, config);
    platform.health.add(() => connector.engine.faults());
    return {
      module: ConnectorBybitModule,
      controllers: [BybitCommandsConsumer, ...CONNECTOR_ADMIN_CONTROLLERS],
      providers: [
        { provide: BybitConnector, useValue: connector },
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
