export { Amount, isDecimalText } from './amount.js';
export { assetOf, currencyOf, isAsset, networkOf, type Asset } from './asset.js';
