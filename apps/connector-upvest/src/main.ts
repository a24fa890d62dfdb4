import {
  CONNECTOR_ENTITIES,
  CONNECTOR_GAUGES,
  CONNECTOR_MIGRATIONS,
  CONNECTOR_RETENTION,
} from '@sluice/connector-engine';
import { startService } from '@sluice/service-shell';
import { upvestConfig } from './config.js';
import { ConnectorUpvestModule } from './connector-upvest.module.js';
import { acceptBodies } from './http/bodies.js';

await startService(() => ({
  name: 'connector-upvest',
  config: upvestConfig(),
  migrations: CONNECTOR_MIGRATIONS,
  entities: CONNECTOR_ENTITIES,
  gauges: CONNECTOR_GAUGES,
  retention: CONNECTOR_RETENTION,
  module: ConnectorUpvestModule.of,
  bodies: acceptBodies,
}));
