import { connectorService } from '@sluice/connector-engine';
import { startService } from '@sluice/service-shell';
import { bitmartConfig } from './config.js';
import { ConnectorBitmartModule } from './connector-bitmart.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() =>
  connectorService({
    config: bitmartConfig(),
    module: ConnectorBitmartModule,
    invariants: INVARIANTS,
  }),
);
