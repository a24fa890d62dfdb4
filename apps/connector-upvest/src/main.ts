import {
  CONNECTOR_ENTITIES,
  CONNECTOR_GAUGES,
  CONNECTOR_INVARIANTS,
  CONNECTOR_MIGRATIONS,
  CONNECTOR_RETENTION,
} from '@sluice/connector-engine';
import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { upvestConfig } from './config.js';
import { ConnectorUpvestModule } from './connector-upvest.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => ({
  name: 'connector-upvest',
  config: upvestConfig(),
  migrations: CONNECTOR_MIGRATIONS,
  entities: CONNECTOR_ENTITIES,
  gauges: CONNECTOR_GAUGES,
  retention: CONNECTOR_RETENTION,
  module: ConnectorUpvestModule,
  checkInvariants: (database) => checkInvariants(database, CONNECTOR_INVARIANTS, INVARIANTS),
}));
