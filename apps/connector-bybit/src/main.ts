import {
  CONNECTOR_ENTITIES,
  CONNECTOR_GAUGES,
  CONNECTOR_INVARIANTS,
  CONNECTOR_MIGRATIONS,
  CONNECTOR_RETENTION,
} from '@sluice/connector-engine';
import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { bybitConfig } from './config.js';
import { ConnectorBybitModule } from './connector-bybit.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => ({
  name: 'connector-bybit',
  config: bybitConfig(),
  migrations: CONNECTOR_MIGRATIONS,
  entities: CONNECTOR_ENTITIES,
  gauges: CONNECTOR_GAUGES,
  retention: CONNECTOR_RETENTION,
  module: ConnectorBybitModule,
  checkInvariants: (database) => checkInvariants(database, CONNECTOR_INVARIANTS, INVARIANTS),
}));
