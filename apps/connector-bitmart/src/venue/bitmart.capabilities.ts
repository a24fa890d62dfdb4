import {
  accountKindsOf,
  type Asset,
  currencyOf,
  foldedName,
  isAsset,
  networkNamed,
  networkOf,
} from '@sluice/kernel';
import {
  recordedCurrency,
  type AddedAsset,
  type FormCapabilities,
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

/** BitMart's ids per asset. The first id listed by `GET /account/v1/currencies` is used. */
const IDS_OF_ASSET: Readonly<Record<Asset, readonly string[]>> = {
  'USDT.ETH': ['USDT-ETH', 'USDT-ERC20'],
  'USDT.TRX': ['USDT-TRX', 'USDT-TRC20'],
  'USDT.BSC': ['USDT-BSC_BNB'],
  'USDT.SOL': ['USDT-SOL'],
  'BTC.BTC': ['BTC'],
  'ETH.ETH': ['ETH'],
  'XRP.XRP': ['XRP'],
};

const ASSET_OF_ID = new Map(
  Object.entries(IDS_OF_ASSET).flatMap(([asset, ids]) => ids.map((id) => [id, asset] as const)),
);
const ASSETS = Object.keys(IDS_OF_ASSET).filter(isAsset);

/** The type of an account in the body. A UID is none of them: BitMart's reference knows CID, e-mail and phone. */
export const TYPE_OF_KIND: Readonly<Record<string, number>> = { cid: 1, email: 2, phone: 3 };

const SUBMIT_ENDPOINT = 'POST /account/v1/withdraw/apply';

/** BitMart's ids for an asset, preferred id first; empty for an unsupported asset. */
export function idsOf(asset: Asset, added: readonly AddedAsset[] = []): readonly string[] {
  const builtIn = Object.hasOwn(IDS_OF_ASSET, asset) ? IDS_OF_ASSET[asset] : undefined;
  return builtIn ?? added.filter((one) => one.asset === asset).map(({ code }) => code);
}

/** Each id names a single asset. */
export const BITMART_ASSET_NAMES: AssetNames = {
  codeFault: ({ asset, code }, added) => {
    const taken = assetOfId(code, added) ?? asset;
    return taken === asset ? null : `The id ${code} is that of ${taken}`;
  },
};

/** Returns currency and network of an id. A bare currency with several networks names none. */
export function namedBy(
  id: string,
  added: readonly AddedAsset[] = [],
): { currency: string; network: string } {
  const asset = assetOfId(id, added);
  if (asset !== undefined && isAsset(asset))
    return { currency: currencyOf(asset), network: networkOf(asset) };
  return { currency: recordedCurrency(partsOf(id).coin), network: `?${id}` };
}

function assetOfId(id: string, added: readonly AddedAsset[]): string | undefined {
  const folded = foldedName(id);
  const exact =
    ASSET_OF_ID.get(folded) ?? added.find(({ code }) => foldedName(code) === folded)?.asset;
  if (exact !== undefined) return exact;
  const { coin, chain } = partsOf(id);
  const network = networkNamed(chain);
  return [...ASSETS, ...added.map((one) => one.asset)].find(
    (asset) =>
      network !== null &&
      currencyOf(asset) === foldedName(coin) &&
      (networkNamed(networkOf(asset)) ?? networkOf(asset)) === network,
  );
}

/** `USDT-BSC_BNB`: the coin, and BitMart's name of the chain. */
function partsOf(id: string): { coin: string; chain: string } {
  const [, coin = '', chain = ''] = /^\s*([^-_\s]*)[-_\s]*(.*)$/s.exec(id) ?? [];
  return { coin, chain };
}

export const HONOURED: Honoured = {
  forMs: 120_000,
  source:
    'developer-pro.bitmart.com/en/spot, error 30007: the timestamp may differ by about a minute; and 60 s for delays on the way and inside',
};

/** Unconfirmed: 30 s, plus 5 s for processing at the venue between the payment and the answer. */
export const LISTED: ListingBound = {
  withinMs: 35_000,
  source:
    'unconfirmed, developer-pro.bitmart.com/en/spot names no delay of the records; 30 s is the least of any venue',
};

/**
 * Forms of BitMart, one per kind of recipient, because records show neither the kind nor a key of
 * ours. `quietMs`: silence before a person is involved.
 */
export function bitmartCapabilities(
  quietMs: number,
  settings: HonouredSettings = BUILT_IN_BOUND,
): VenueCapabilities {
  const keyless = {
    assets: ASSETS,
    recovery: 'none',
    absence: { emptyLookups: 4, afterMs: quietMs },
    honoured: honouredBy(HONOURED, settings),
    maxResends: 0,
    cancellable: false, // no cancel endpoint exists
    submitEndpoint: SUBMIT_ENDPOINT,
  } as const satisfies Partial<FormCapabilities>;
  const accounts = accountKindsOf('bitmart').map((kind) => ({
    ...keyless,
    form: kind,
    destination: 'venue_account' as const,
    accountKinds: [kind],
  }));
  return {
    venue: 'bitmart',
    forms: [{ ...keyless, form: 'chain', destination: 'address', accountKinds: [] }, ...accounts],
  };
}

/** BitMart allows 8 and 2 per 2 s, per key; we stay an eighth and more below, because what leaves evenly does not arrive evenly. */
export const BITMART_RATE_RULES: RateRules = {
  [SUBMIT_ENDPOINT]: { limit: 7, perMs: 2_000 },
  'GET /account/v2/deposit-withdraw/history': { limit: 7, perMs: 2_000 },
  'GET /account/v1/deposit-withdraw/detail': { limit: 7, perMs: 2_000 },
  'GET /account/v1/wallet': { limit: 2, perMs: 2_500 },
  'GET /account/v1/withdraw/charge': { limit: 2, perMs: 2_500 },
  'GET /account/v1/currencies': { limit: 2, perMs: 2_500 },
  'GET /system/time': { limit: 10, perMs: 1_000 },
};
