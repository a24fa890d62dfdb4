import {
  BUILT_IN_BOUND,
  honouredBy,
  type HonouredSettings,
  type RateRules,
} from '@sluice/connector-engine';
import type { Honoured, ListingBound, VenueCapabilities } from '@sluice/connector-rules';
import type { ChainSettings } from '@sluice/evm';
import { payableAssets } from '../chain/chain.js';

export const TRANSFER = 'transfer';
const SUBMIT = 'send transfer';

/** No limit (ten years): signed bytes cannot pay twice and may be sent at any time. */
const NO_END_MS = 10 * 365 * 86_400_000;
const NO_LIMIT = 1_000_000_000;
/** A node keeps a transaction behind a missing nonce so long (go-ethereum's `--txpool.lifetime`). */
const QUEUED_FOR_MS = 3 * 3_600_000;

export const HONOURED: Honoured = {
  forMs: 60_000,
  source:
    'a row of this connector releases a payment before its first byte is sent; a call without this row at the end of its lease writes none later',
};

/** No answer of a node refuses a released payment, and the records are our rows. */
export const LISTED: ListingBound = {
  withinMs: 30_000,
  source: 'the records are rows of this connector; 30 s is the least of any venue',
};

/** Capabilities of our wallet. A released payment may be mined at any time; the nonce decides. */
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
        forgottenForMs: QUEUED_FOR_MS,
        cancellable: true,
        submitEndpoint: SUBMIT,
      },
    ],
  };
}

/** Our own nodes accept a higher rate; RATE_PLAN lowers the limit for nodes of third parties. */
export const WALLET_RATE_RULES: RateRules = {
  [SUBMIT]: { limit: 2_000, perMs: 1_000 },
};
