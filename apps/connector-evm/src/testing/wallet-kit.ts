import { type ConnectorKit, QUICK_CONNECTOR, widePlan } from '@sluice/connector-testing';
import { parseChains } from '@sluice/evm';
import { Secret } from '@sluice/runtime';
import { SimulatorControl } from '@sluice/test-kit';
import type { EvmConfig } from '../config.js';
import { ConnectorEvmModule } from '../connector-evm.module.js';
import { WALLET_SCHEMA } from '../postgres/schema.js';
import { WALLET_RATE_RULES } from '../venue/wallet.capabilities.js';
import { type VenueOptions, WalletVenue } from './wallet-venue.js';

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

export function kitWith(
  change: Partial<VenueOptions>,
  venue: (started: WalletVenue) => void = () => undefined,
): ConnectorKit<EvmConfig> {
  return {
    ...WALLET_KIT,
    simulator: async () => {
      const started = await WalletVenue.start(change);
      venue(started);
      return { control: new SimulatorControl(started.url), stop: () => started.stop() };
    },
  };
}
