import {
  CONNECTOR_ENTITIES,
  CONNECTOR_GAUGES,
  CONNECTOR_MIGRATIONS,
  CONNECTOR_RETENTION,
} from '@sluice/connector-engine';
import { startService } from '@sluice/service-shell';
import { bitmartConfig } from './config.js';
import { ConnectorBitmartModule } from './connector-bitmart.module.js';

await startService(() => ({
  name: 'connector-bitmart',
  config: bitmartConfig(),
  migrations: CONNECTOR_MIGRATIONS,
  entities: CONNECTOR_ENTITIES,
  gauges: CONNECTOR_GAUGES,
  retention: CONNECTOR_RETENTION,
  module: ConnectorBitmartModule.of,
}));
