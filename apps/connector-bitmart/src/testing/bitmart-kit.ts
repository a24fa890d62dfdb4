import { QUICK_CONNECTOR, widePlan, type ConnectorKit } from '@sluice/connector-testing';
import { Secret } from '@sluice/runtime';
import type { BitmartConfig } from '../config.js';
import { ConnectorBitmartModule } from '../connector-bitmart.module.js';
import { BITMART_RATE_RULES } from '../venue/bitmart.capabilities.js';

const WIDE_PLAN = widePlan(BITMART_RATE_RULES);

export const BITMART_KIT: ConnectorKit<BitmartConfig> = {
  venue: 'bitmart',
  module: ConnectorBitmartModule,
  invariants: new URL('../postgres/invariants/', import.meta.url),
  config: ({ api_key: apiKey, api_secret: apiSecret, memo, base_url: baseUrl }) => ({
    ...QUICK_CONNECTOR,
    baseUrl: String(baseUrl),
    apiKey: String(apiKey),
    apiSecret: new Secret(String(apiSecret)),
    memo: new Secret(String(memo)),
    amountIs: 'gross',
    refuseFrom: new Date('2099-01-01T00:00:00Z'),
    ratePlan: WIDE_PLAN,
  }),
};
