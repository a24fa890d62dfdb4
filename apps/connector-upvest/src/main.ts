import { connectorService } from '@sluice/connector-engine';
import { startService } from '@sluice/service-shell';
import { upvestConfig } from './config.js';
import { ConnectorUpvestModule } from './connector-upvest.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() =>
  connectorService({
    config: upvestConfig(),
    module: ConnectorUpvestModule,
    invariants: INVARIANTS,
  }),
);
