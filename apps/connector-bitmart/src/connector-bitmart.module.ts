import { Module } from '@nestjs/common';
import { ConnectorEngineModule } from '@sluice/connector-engine';
import type { BitmartConfig } from './config.js';
import { BitmartAdapter } from './venue/bitmart.adapter.js';
import {
  BITMART_ASSET_NAMES,
  BITMART_RATE_RULES,
  bitmartCapabilities,
} from './venue/bitmart.capabilities.js';
import { BitmartClient } from './venue/bitmart.client.js';
import { BitmartStartCheck } from './venue/bitmart.start-check.js';
import { BitmartTerms } from './venue/bitmart.terms.js';

@Module({
  imports: [
    ConnectorEngineModule.forRoot({
      capabilities: (config: BitmartConfig) => bitmartCapabilities(config.absenceAfterMs, config),
      rateRules: BITMART_RATE_RULES,
      assetNames: BITMART_ASSET_NAMES,
      adapter: BitmartAdapter,
      startCheck: BitmartStartCheck,
      providers: [BitmartClient, BitmartTerms],
    }),
  ],
})
export class ConnectorBitmartModule {}
