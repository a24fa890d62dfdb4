import {
  BUILT_IN_BOUND,
  honouredBy,
  type HonouredSettings,
  type RateRules,
} from '@sluice/connector-engine';
import type { Honoured, ListingBound, VenueCapabilities } from '@sluice/connector-rules';
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

/** No answer of a node refuses what was let go, so no refusal waits for this; the records are rows of this connector. */
export const LISTED: ListingBound = {
  withinMs: 30_000,
  source: 'the records are rows of this connector; 30 s is the least of any venue',
};

/** What our own wallet pays, by its chains. A payment that was let go has no time after which it cannot be mined; only its nonce tells. */
export function walletCapabilities(
  chains: readonly ChainSettings[],
  absenceAfterMs: number,
  settings: HonouredSettings = BUILT_IN_BOUND,
): VenueCapabilities {
  const payable = [...payableAssets(chains).values()];
  return {
    venue: 'wallet',
    balancesOf: 'asset',
    unitWorthsEur: Object.fromEntries(
      payable.flatMap(({ asset, unitWorthEur }) =>
        unitWorthEur === null ? [] : [[asset, unitWorthEur]],
      ),
    ),
    forms: [
      {
        form: TRANSFER,
        destination: 'address',
        accountKinds: [],
        assets: payable.map(({ asset }) => asset),
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
