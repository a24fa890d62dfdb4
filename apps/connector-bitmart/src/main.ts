import {
  CONNECTOR_ENTITIES,
  CONNECTOR_GAUGES,
  CONNECTOR_INVARIANTS,
  CONNECTOR_MIGRATIONS,
  CONNECTOR_RETENTION,
} from '@sluice/connector-engine';
import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { bitmartConfig } from './config.js';
import { ConnectorBitmartModule } from './connector-bitmart.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => ({
  name: 'connector-bitmart',
  config: bitmartConfig(),
  migrations: CONNECTOR_MIGRATIONS,
  entities: CONNECTOR_ENTITIES,
  gauges: CONNECTOR_GAUGES,
  retention: CONNECTOR_RETENTION,
  module: ConnectorBitmartModule,
  checkInvariants: (database) => checkInvariants(database, CONNECTOR_INVARIANTS, INVARIANTS),
}));
