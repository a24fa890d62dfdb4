import { QUICK_CONNECTOR, widePlan, type ConnectorKit } from '@sluice/connector-testing';
import { Secret } from '@sluice/runtime';
import { parseChains } from '@sluice/evm';
import type { EvmConfig } from '../config.js';
import { ConnectorEvmModule } from '../connector-evm.module.js';
import { WALLET_SCHEMA } from '../postgres/schema.js';
import { WALLET_RATE_RULES } from '../venue/wallet.capabilities.js';

export const WALLET_KIT: ConnectorKit<EvmConfig> = {
  venue: 'wallet',
  module: ConnectorEvmModule,
  invariants: new URL('../postgres/invariants/', import.meta.url),
  schema: WALLET_SCHEMA,
  config: ({ chains, signer_url: signerUrl, service_key: serviceKey }) => ({
    ...QUICK_CONNECTOR,
    chains: parseChains(String(chains)),
    signerUrl: String(signerUrl),
    serviceKey: new Secret(String(serviceKey)),
    ratePlan: widePlan(WALLET_RATE_RULES),
    voidAfterMs: 2_000,
    // A signature and a send by real processes on a busy machine.
    submitTimeoutMs: 2_000,
    pollIntervalMs: 200,
  }),
};
