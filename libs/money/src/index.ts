export { Amount, isDecimalText, MAX_DECIMALS, MAX_WHOLE_DIGITS } from './amount.js';
export { assetOf, currencyOf, isAsset, networkOf, type Asset } from './asset.js';
export { upperCase } from './upper-case.js';
