import { Module } from '@nestjs/common';
import { ConnectorEngineModule } from '@sluice/connector-engine';
import type { GateioConfig } from './config.js';
import { GateioAdapter } from './venue/gateio.adapter.js';
import {
  GATEIO_ASSET_NAMES,
  GATEIO_RATE_RULES,
  gateioCapabilities,
} from './venue/gateio.capabilities.js';
import { GateioClient } from './venue/gateio.client.js';
import { GateioFees } from './venue/gateio.fees.js';
import { GateioStartCheck } from './venue/gateio.start-check.js';

@Module({
  imports: [
    ConnectorEngineModule.forRoot({
      capabilities: (config: GateioConfig) => gateioCapabilities(config.absenceAfterMs, config),
      rateRules: GATEIO_RATE_RULES,
      assetNames: GATEIO_ASSET_NAMES,
      adapter: GateioAdapter,
      startCheck: GateioStartCheck,
      providers: [GateioClient, GateioFees],
    }),
  ],
})
export class ConnectorGateioModule {}
