import { QUICK_CONNECTOR, widePlan, type ConnectorKit } from '@sluice/connector-testing';
import { Secret } from '@sluice/config';
import { GateioConnector, type GateioVenueConfig } from '../connector-gateio.js';
import { GATEIO_RATE_RULES } from '../venue/gateio.capabilities.js';

export const WIDE_PLAN = widePlan(GATEIO_RATE_RULES);

export const GATEIO_KIT: ConnectorKit<GateioVenueConfig> = {
  venue: 'gateio',
  create: (parts, config) => GateioConnector.create(parts, config),
  config: ({ api_key: apiKey, api_secret: apiSecret, base_url: baseUrl }) => ({
    ...QUICK_CONNECTOR,
    baseUrl: String(baseUrl),
    apiKey: String(apiKey),
    apiSecret: new Secret(String(apiSecret)),
    ratePlan: WIDE_PLAN,
    doneRequiresBlock: true,
    doneSettlesAfterMs: 60_000,
  }),
};
