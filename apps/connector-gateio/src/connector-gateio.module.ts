import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONNECTOR_ADMIN_CONTROLLERS, ConnectorEngine } from '@sluice/connector-engine';
import type { Platform } from '@sluice/service-shell';
import type { GateioConfig } from './config.js';
import { GateioConnector } from './connector-gateio.js';
import { GateioCommandsConsumer } from './kafka/gateio-commands.consumer.js';

/** The only wiring of the app. */
@Module({})
export class ConnectorGateioModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(GateioConnector) private readonly connector: GateioConnector) {}

  static of(platform: Platform, config: GateioConfig): DynamicModule {
    const connector = GateioConnector.create(platform, config);
    platform.health.add(() => connector.engine.faults());
    return {
      module: ConnectorGateioModule,
      controllers: [GateioCommandsConsumer, ...CONNECTOR_ADMIN_CONTROLLERS],
      providers: [
        { provide: GateioConnector, useValue: connector },
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
