import {
  BUILT_IN_BOUND,
  honouredBy,
  type HonouredSettings,
  type RateRules,
} from '@sluice/connector-engine';
import type { Honoured, VenueCapabilities } from '@sluice/connector-rules';
import type { ChainSettings } from '@sluice/evm';
import { payableAssets } from './wallet.assets.js';

export const TRANSFER = 'transfer';
const SUBMIT = 'send transfer';

/** Signed bytes cannot pay twice, so there is no end to sending them again: ten years stand for none. */
const NO_END_MS = 10 * 365 * 86_400_000;
const NO_LIMIT = 1_000_000_000;

export const HONOURED: Honoured = {
  forMs: 60_000,
  source:
    'a payment is let go by a row of this connector before its first byte leaves; a call that has written none before its lease ended writes none later',
};

/** What our own wallet pays, by its chains. A payment that was let go has no time after which it cannot be mined; only its nonce tells. */
export function walletCapabilities(
  chains: readonly ChainSettings[],
  absenceAfterMs: number,
  settings: HonouredSettings = BUILT_IN_BOUND,
): VenueCapabilities {
  return {
    venue: 'wallet',
    forms: [
      {
        form: TRANSFER,
        destination: 'address',
        accountKinds: [],
        assets: [...payableAssets(chains).keys()],
        recovery: 'replay',
        absence: { emptyLookups: 4, afterMs: absenceAfterMs },
        honoured: honouredBy(HONOURED, settings),
        maxResends: NO_LIMIT,
        replayForMs: NO_END_MS,
        cancellable: true,
        submitEndpoint: SUBMIT,
      },
    ],
  };
}

/** Nodes of our own take more than this; RATE_PLAN lowers it for those of others. */
export const WALLET_RATE_RULES: RateRules = {
  [SUBMIT]: { limit: 2_000, perMs: 1_000 },
};
