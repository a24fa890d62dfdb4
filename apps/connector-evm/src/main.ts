import { connectorService } from '@sluice/connector-engine';
import { startService } from '@sluice/service-shell';
import { evmConfig } from './config.js';
import { ConnectorEvmModule } from './connector-evm.module.js';
import { WALLET_SCHEMA } from './postgres/schema.js';
import { WALLET_GAUGES } from './wallet-metrics.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() =>
  connectorService({
    config: evmConfig(),
    module: ConnectorEvmModule,
    schema: WALLET_SCHEMA,
    gauges: WALLET_GAUGES,
    invariants: INVARIANTS,
  }),
);
