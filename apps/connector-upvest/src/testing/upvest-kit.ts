import { QUICK_CONNECTOR, widePlan, type ConnectorKit } from '@sluice/connector-testing';
import { Secret } from '@sluice/runtime';
import type { UpvestConfig } from '../config.js';
import { ConnectorUpvestModule } from '../connector-upvest.module.js';
import { UPVEST_RATE_RULES } from '../venue/upvest.capabilities.js';

const WIDE_PLAN = widePlan(UPVEST_RATE_RULES);

export const UPVEST_KIT: ConnectorKit<UpvestConfig> = {
  venue: 'upvest',
  module: ConnectorUpvestModule,
  invariants: new URL('../postgres/invariants/', import.meta.url),
  config: ({
    client_id: clientId,
    client_secret: clientSecret,
    key_id: keyId,
    private_key: privateKey,
    base_url: baseUrl,
  }) => ({
    ...QUICK_CONNECTOR,
    baseUrl: String(baseUrl),
    clientId: String(clientId),
    clientSecret: new Secret(String(clientSecret)),
    keyId: String(keyId),
    privateKey: new Secret(String(privateKey)),
    webhookPublicKey: null,
    publicPort: null,
    ratePlan: WIDE_PLAN,
    replayForMs: 60_000,
  }),
};
