export { Amount, AMOUNT_PATTERN, isDecimalText, MAX_DECIMALS, MAX_WHOLE_DIGITS } from './amount.js';
export { ASSET_PATTERN, assetOf, currencyOf, isAsset, networkOf, type Asset } from './asset.js';
export { upperCase } from './upper-case.js';
