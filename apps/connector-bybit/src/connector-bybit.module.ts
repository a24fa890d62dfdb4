import { Module } from '@nestjs/common';
import { ConnectorEngineModule } from '@sluice/connector-engine';
import type { BybitConfig } from './config.js';
import { BybitAdapter } from './venue/bybit.adapter.js';
import { BybitAddressBook } from './venue/bybit.address-book.js';
import {
  BYBIT_ASSET_NAMES,
  BYBIT_RATE_RULES,
  bybitCapabilities,
} from './venue/bybit.capabilities.js';
import { BybitClient, BybitPace } from './venue/bybit.client.js';
import { BybitStartCheck } from './venue/bybit.start-check.js';

@Module({
  imports: [
    ConnectorEngineModule.forRoot({
      capabilities: (config: BybitConfig) => bybitCapabilities(config.absenceAfterMs, config),
      rateRules: BYBIT_RATE_RULES,
      assetNames: BYBIT_ASSET_NAMES,
      adapter: BybitAdapter,
      startCheck: BybitStartCheck,
      providers: [BybitClient, BybitPace, BybitAddressBook],
    }),
  ],
})
export class ConnectorBybitModule {}
