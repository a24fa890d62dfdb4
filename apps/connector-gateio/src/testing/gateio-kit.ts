import { QUICK_CONNECTOR, widePlan, type ConnectorKit } from '@sluice/connector-testing';
import { Secret } from '@sluice/runtime';
import type { GateioConfig } from '../config.js';
import { ConnectorGateioModule } from '../connector-gateio.module.js';
import { GATEIO_RATE_RULES } from '../venue/gateio.capabilities.js';

export const WIDE_PLAN = widePlan(GATEIO_RATE_RULES);

export const GATEIO_KIT: ConnectorKit<GateioConfig> = {
  venue: 'gateio',
  module: ConnectorGateioModule,
  invariants: new URL('../postgres/invariants/', import.meta.url),
  config: ({ api_key: apiKey, api_secret: apiSecret, base_url: baseUrl }) => ({
    ...QUICK_CONNECTOR,
    baseUrl: String(baseUrl),
    apiKey: String(apiKey),
    apiSecret: new Secret(String(apiSecret)),
    ratePlan: WIDE_PLAN,
    doneSettlesAfterMs: 60_000,
  }),
};
