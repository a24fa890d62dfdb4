import {
  CONNECTOR_GAUGES,
  CONNECTOR_INVARIANTS,
  CONNECTOR_MIGRATIONS,
  CONNECTOR_RETENTION,
} from '@sluice/connector-engine';
import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { readBybitConfig } from './config.js';
import { ConnectorBybitModule } from './connector-bybit.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => ({
  name: 'connector-bybit',
  config: readBybitConfig(),
  migrations: CONNECTOR_MIGRATIONS,
  gauges: CONNECTOR_GAUGES,
  retention: CONNECTOR_RETENTION,
  module: ConnectorBybitModule,
  checkInvariants: (database) => checkInvariants(database, CONNECTOR_INVARIANTS, INVARIANTS),
}));
