import { accountKindsOf, type Asset } from '@sluice/kernel';
import {
  chainFault,
  type Honoured,
  type ListingBound,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import {
  BUILT_IN_BOUND,
  honouredBy,
  type AssetNames,
  type HonouredSettings,
  type RateRules,
} from '@sluice/connector-engine';

/** Our networks and Gate's chains (`chain` of GET /wallet/currency_chains). */
export const CHAIN_OF_NETWORK: Readonly<Record<string, string>> = {
  ETH: 'ETH',
  TRX: 'TRX',
  BTC: 'BTC',
  ARB: 'ARBEVM',
  BSC: 'BSC',
  XRP: 'XRP',
};

/** Chains are compared in capitals, as the records are read. */
export const GATEIO_ASSET_NAMES: AssetNames = {
  codeFault: (asset, added) =>
    asset.code === asset.code.toUpperCase()
      ? chainFault(CHAIN_OF_NETWORK, asset, added)
      : `The chain ${asset.code} is written in capitals at Gate.io`,
};

const ASSETS: readonly Asset[] = [
  'USDT.ETH',
  'USDT.TRX',
  'USDT.ARB',
  'USDT.BSC',
  'USDC.ETH',
  'ETH.ETH',
  'ETH.ARB',
  'BTC.BTC',
  'TRX.TRX',
  'XRP.XRP',
];

export const HONOURED: Honoured = {
  forMs: 120_000,
  source:
    'gate.com/docs/developers/apiv4, authentication: Timestamp may differ from server time by 60 s; and 60 s for delays on the way and inside',
};

/** Unconfirmed: 30 s, plus 5 s for the venue's work between the payment and the response. */
export const LISTED: ListingBound = {
  withinMs: 35_000,
  source:
    'unconfirmed, gate.com/docs/developers/apiv4 names no delay of the records; 30 s is the least of any venue',
};

/**
 * Assets and forms at Gate.io, and what its records prove. `absenceAfterMs`: silence before
 * absence.
 */
export function gateioCapabilities(
  absenceAfterMs: number,
  settings: HonouredSettings = BUILT_IN_BOUND,
): VenueCapabilities {
  const honoured = honouredBy(HONOURED, settings);
  return {
    venue: 'gateio',
    forms: [
      {
        form: 'chain',
        destination: 'address',
        accountKinds: [],
        assets: ASSETS,
        recovery: 'search', // withdraw_order_id is a filter of the records; a repeat is not refused
        absence: { emptyLookups: 4, afterMs: absenceAfterMs },
        honoured,
        maxResends: 2,
        cancellable: true,
        submitEndpoint: 'POST /withdrawals',
        sentAtOnce: true,
      },
      {
        form: 'push',
        destination: 'venue_account',
        accountKinds: accountKindsOf('gateio'),
        assets: ASSETS, // the network only names the paying balance of ours
        recovery: 'none',
        absence: { emptyLookups: 4, afterMs: absenceAfterMs },
        honoured,
        maxResends: 0,
        cancellable: false, // offered on the website only
        submitEndpoint: 'POST /withdrawals/push',
      },
    ],
  };
}

/** Gate.io allows 200; a twentieth stays free for unevenly arriving requests. */
const PRIVATE = { limit: 190, perMs: 10_000 };

/** Per UID. */
export const GATEIO_RATE_RULES: RateRules = {
  'POST /withdrawals': { limit: 1, perMs: 3_000 },
  'POST /withdrawals/push': PRIVATE,
  'DELETE /withdrawals/{id}': PRIVATE,
  'GET /wallet/withdrawals': PRIVATE,
  'GET /wallet/push': PRIVATE,
  'GET /spot/accounts': PRIVATE,
  'GET /wallet/withdraw_status': PRIVATE,
  'GET /account/main_keys': PRIVATE,
  'GET /spot/time': PRIVATE,
};
