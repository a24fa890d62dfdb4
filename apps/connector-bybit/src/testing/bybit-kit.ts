import { QUICK_CONNECTOR, widePlan, type ConnectorKit } from '@sluice/connector-testing';
import { Secret } from '@sluice/runtime';
import type { BybitConfig } from '../config.js';
import { ConnectorBybitModule } from '../connector-bybit.module.js';
import { BYBIT_RATE_RULES } from '../venue/bybit.capabilities.js';

export const WIDE_PLAN = widePlan(BYBIT_RATE_RULES);

export const BYBIT_KIT: ConnectorKit<BybitConfig> = {
  venue: 'bybit',
  module: ConnectorBybitModule,
  invariants: new URL('../postgres/invariants/', import.meta.url),
  config: ({ api_key: apiKey, api_secret: apiSecret, base_url: baseUrl }) => ({
    ...QUICK_CONNECTOR,
    baseUrl: String(baseUrl),
    apiKey: String(apiKey),
    apiSecret: new Secret(String(apiSecret)),
    accountTypes: ['FUND'],
    travelRule: { required: false, recipients: {} },
    ratePlan: WIDE_PLAN,
  }),
};
