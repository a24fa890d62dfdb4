import { accountKindsOf } from '@sluice/destination';
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
import type { Asset } from '@sluice/money';

/** Our network names and Bybit's (`chain` of coin/query-info, not its `chainType`). A network that is missing here is not supported. */
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

export const CREATE = 'POST /v5/asset/withdraw/create';

export const RECV_WINDOW_MS = 5_000;
const AHEAD_MS = 1_000;
const DELAYS_MS = 60_000;
const SOURCE =
  'bybit-exchange.github.io/docs/v5/guide, authentication: server − recv_window ≤ timestamp < server + 1 s; and 60 s for delays inside';

/** How long Bybit may still act on a request, by the window that is sent with it. */
export function honouredWithin(recvWindowMs: number): Honoured {
  return { forMs: recvWindowMs + AHEAD_MS + DELAYS_MS, source: SOURCE };
}

/** Unconfirmed: 30 s, and 5 s for what the venue does between the payment and its answer. */
export const LISTED: ListingBound = {
  withinMs: 35_000,
  source:
    'unconfirmed, bybit-exchange.github.io/docs/v5/asset/withdraw/withdraw-record names no delay of the records; 30 s is the least of any venue',
};

/** What Bybit can pay, and what its records prove. `absenceAfterMs`: how long they must stay without a payment until a person is asked. */
export function bybitCapabilities(
  absenceAfterMs: number,
  recvWindowMs = RECV_WINDOW_MS,
  settings: HonouredSettings = BUILT_IN_BOUND,
): VenueCapabilities {
  const common = {
    assets: ASSETS,
    recovery: 'dedupe', // requestId is taken, but no record shows it and what a repeat gets is not documented
    absence: { emptyLookups: 4, afterMs: absenceAfterMs },
    honoured: honouredBy(honouredWithin(recvWindowMs), settings),
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
 * As documented, per UID (MAPPING.md, "Rate plan"); four of five creates, because a sixth in a second that the network squeezed costs more than it brings. The clock
 * is public; its limit is that of the address, of which this is a small part.
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
