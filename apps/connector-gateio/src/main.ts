import { connectorService } from '@sluice/connector-engine';
import { startService } from '@sluice/service-shell';
import { gateioConfig } from './config.js';
import { ConnectorGateioModule } from './connector-gateio.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() =>
  connectorService({
    config: gateioConfig(),
    module: ConnectorGateioModule,
    invariants: INVARIANTS,
  }),
);
