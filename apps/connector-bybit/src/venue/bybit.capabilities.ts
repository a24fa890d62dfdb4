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

/** Our networks and Bybit's names (`chain` of coin/query-info, not `chainType`). */
export const CHAIN_OF_NETWORK: Readonly<Record<string, string>> = {
  ETH: 'ETH',
  TRX: 'TRX',
  BTC: 'BTC',
  ARB: 'ARBI',
  BSC: 'BSC',
  AVAX: 'CAVAX',
  XRP: 'XRP',
};

export const BYBIT_ASSET_NAMES: AssetNames = {
  codeFault: (asset, added) => chainFault(CHAIN_OF_NETWORK, asset, added),
};

const ASSETS: readonly Asset[] = [
  'USDT.ETH',
  'USDT.TRX',
  'USDT.ARB',
  'USDT.BSC',
  'USDC.ETH',
  'USDC.AVAX',
  'ETH.ETH',
  'ETH.ARB',
  'BTC.BTC',
  'TRX.TRX',
  'XRP.XRP',
];

const CREATE = 'POST /v5/asset/withdraw/create';

/** Maximum age of a request on arrival, by Bybit's clock: Bybit's own default. */
export const RECV_WINDOW_MS = 5_000;
const AHEAD_MS = 1_000;
const DELAYS_MS = 60_000;
const SOURCE =
  'bybit-exchange.github.io/docs/v5/guide, authentication: server − recv_window ≤ timestamp < server + 1 s; and 60 s for delays inside';

/** Bybit acts on a request no longer than this time, derived from the request's own window. */
export const HONOURED: Honoured = { forMs: RECV_WINDOW_MS + AHEAD_MS + DELAYS_MS, source: SOURCE };

/** Unconfirmed: 30 s, plus 5 s for the time between payment and answer at the venue. */
export const LISTED: ListingBound = {
  withinMs: 35_000,
  source:
    'unconfirmed, bybit-exchange.github.io/docs/v5/asset/withdraw/withdraw-record names no delay of the records; 30 s is the least of any venue',
};

/** Bybit's assets, and what its records prove. `absenceAfterMs`: silence before a person decides. */
export function bybitCapabilities(
  absenceAfterMs: number,
  settings: HonouredSettings = BUILT_IN_BOUND,
): VenueCapabilities {
  const common = {
    assets: ASSETS,
    // requestId is accepted, but missing in records, and the answer to a repeat is undocumented
    recovery: 'dedupe',
    absence: { emptyLookups: 4, afterMs: absenceAfterMs },
    honoured: honouredBy(HONOURED, settings),
    maxResends: 0,
    cancellable: true,
    submitEndpoint: CREATE,
  } as const;
  return {
    venue: 'bybit',
    forms: [
      { form: 'chain', destination: 'address', accountKinds: [], lanes: 'asset', ...common },
      {
        form: 'uid',
        destination: 'venue_account',
        accountKinds: accountKindsOf('bybit'),
        lanes: 'currency',
        recordsWith: 'chain',
        ...common,
      }, // knows no chain
    ],
  };
}

/**
 * Limits per UID (MAPPING.md, "Rate plan"). Four of five creates are used: jitter makes a sixth
 * costly.
 */
export const BYBIT_RATE_RULES: RateRules = {
  [CREATE]: { limit: 4, perMs: 1_000 },
  [`${CREATE} *`]: { limit: 1, perMs: 10_000 },
  'POST /v5/asset/withdraw/cancel': { limit: 60, perMs: 60_000 },
  'GET /v5/asset/withdraw/query-record': { limit: 300, perMs: 60_000 },
  'GET /v5/asset/withdraw/query-address': { limit: 100, perMs: 1_000 },
  'GET /v5/asset/transfer/query-account-coins-balance': { limit: 4, perMs: 1_000 },
  'GET /v5/user/query-api': { limit: 5, perMs: 1_000 },
  'GET /v5/market/time': { limit: 10, perMs: 1_000 },
};
