import { connectorService } from '@sluice/connector-engine';
import { startService } from '@sluice/service-shell';
import { bybitConfig } from './config.js';
import { ConnectorBybitModule } from './connector-bybit.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() =>
  connectorService({
    config: bybitConfig(),
    module: ConnectorBybitModule,
    invariants: INVARIANTS,
  }),
);
