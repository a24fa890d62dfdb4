/**
 * A currency on a network, e.g. `USDT.ETH`: the unit of balances. The same symbol on another
 * network is another asset.
 */
export type Asset = `${string}.${string}`;

const PART = /^[A-Z0-9_-]{1,32}$/;
/** Regular expression of `isAsset`, for schemas. */
export const ASSET_PATTERN = '^[A-Z0-9_-]{1,32}\\.[A-Z0-9_-]{1,32}$';
const ASSET = new RegExp(ASSET_PATTERN);

/** Builds an asset from upper-case parts. Throws when a part has other characters than `A-Z`, `0-9`, `_` and `-`, or more than 32. */
export function assetOf(currency: string, network: string): Asset {
  if (!PART.test(currency) || !PART.test(network))
    throw new Error(`not an asset: ${currency}.${network}`);
  return `${currency}.${network}`;
}

export function isAsset(text: unknown): text is Asset {
  return typeof text === 'string' && ASSET.test(text);
}

export function currencyOf(asset: Asset): string {
  return asset.slice(0, asset.indexOf('.'));
}

export function networkOf(asset: Asset): string {
  return asset.slice(asset.indexOf('.') + 1);
}
