import { QUICK_CONNECTOR, widePlan, type ConnectorKit } from '@sluice/connector-testing';
import { Secret } from '@sluice/config';
import { BybitConnector, type BybitVenueConfig } from '../connector-bybit.js';
import { BYBIT_RATE_RULES } from '../venue/bybit.capabilities.js';

export const WIDE_PLAN = widePlan(BYBIT_RATE_RULES);

export const BYBIT_KIT: ConnectorKit<BybitVenueConfig> = {
  venue: 'bybit',
  create: (parts, config) => BybitConnector.create(parts, config),
  config: ({ api_key: apiKey, api_secret: apiSecret, base_url: baseUrl }) => ({
    ...QUICK_CONNECTOR,
    baseUrl: String(baseUrl),
    apiKey: String(apiKey),
    apiSecret: new Secret(String(apiSecret)),
    accountTypes: ['FUND'],
    recvWindowMs: 5_000,
    travelRule: { required: false, recipients: {} },
    ratePlan: WIDE_PLAN,
  }),
};
