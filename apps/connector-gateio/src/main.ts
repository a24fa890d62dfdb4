import {
  CONNECTOR_ENTITIES,
  CONNECTOR_GAUGES,
  CONNECTOR_INVARIANTS,
  CONNECTOR_MIGRATIONS,
  CONNECTOR_RETENTION,
} from '@sluice/connector-engine';
import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { gateioConfig } from './config.js';
import { ConnectorGateioModule } from './connector-gateio.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => ({
  name: 'connector-gateio',
  config: gateioConfig(),
  migrations: CONNECTOR_MIGRATIONS,
  entities: CONNECTOR_ENTITIES,
  gauges: CONNECTOR_GAUGES,
  retention: CONNECTOR_RETENTION,
  module: ConnectorGateioModule,
  checkInvariants: (database) => checkInvariants(database, CONNECTOR_INVARIANTS, INVARIANTS),
}));
