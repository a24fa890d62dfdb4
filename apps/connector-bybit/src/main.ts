import {
  CONNECTOR_ENTITIES,
  CONNECTOR_GAUGES,
  CONNECTOR_MIGRATIONS,
  CONNECTOR_RETENTION,
} from '@sluice/connector-engine';
import { startService } from '@sluice/service-shell';
import { readBybitConfig } from './config.js';
import { ConnectorBybitModule } from './connector-bybit.module.js';

await startService(() => ({
  name: 'connector-bybit',
  config: readBybitConfig(),
  migrations: CONNECTOR_MIGRATIONS,
  entities: CONNECTOR_ENTITIES,
  gauges: CONNECTOR_GAUGES,
  retention: CONNECTOR_RETENTION,
  module: ConnectorBybitModule.of,
}));
