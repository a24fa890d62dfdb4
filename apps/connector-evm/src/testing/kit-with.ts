import type { ConnectorKit } from '@sluice/connector-testing';
import { SimulatorControl } from '@sluice/test-kit';
import type { EvmConfig } from '../config.js';
import { WALLET_KIT } from './wallet-kit.js';
import { WalletVenue, type VenueOptions } from './wallet-venue.js';

/** The kit with a separate venue; `venue` receives the started venue. */
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
