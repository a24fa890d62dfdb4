export { ok, refuse, unreachable, type Result } from './result/result.js';
export {
  columnsWhere,
  valuesOf,
  type Column,
  type Columns,
  type GivenRow,
  type RowOf,
  type SqlType,
} from './records/columns.js';
export {
  Amount,
  AMOUNT_PATTERN,
  isDecimalText,
  MAX_DECIMALS,
  MAX_WHOLE_DIGITS,
} from './money/amount.js';
export {
  ASSET_PATTERN,
  assetOf,
  currencyOf,
  isAsset,
  networkOf,
  type Asset,
} from './money/asset.js';
export { lowerCase, upperCase } from './money/upper-case.js';
export { utcTime } from './time/utc-time.js';
export { identifierFault, visibleTextFault } from './text/visible-text.js';
export { DoubledNameError, NumberText, parseExactJson } from './exact-json/parse-exact-json.js';
export { parseWireJson } from './exact-json/parse-wire-json.js';
export { wireDecimal } from './exact-json/wire-decimal.js';
export { wireText } from './exact-json/wire-text.js';
export { wireTime } from './exact-json/wire-time.js';
export { foldedName, networkNamed } from './networks/network-names.js';
export { isObject } from './exact-json/is-object.js';
export {
  named as namedInStep,
  NEXT_STEPS,
  withNextStep,
  type WaitingFor,
} from './waiting/next-steps.js';
export { compareRecipients, leastAlike, type Likeness } from './destination/compare-recipients.js';
export { destinationKey, isSameDestination, type Destination } from './destination/destination.js';
export { canonicalDestination } from './destination/canonical-destination.js';
export {
  ADDRESS_FAMILIES,
  addressHint,
  canonicalIn,
  isSameAddressIn,
  type AddressFamily,
} from './networks/families.js';
export { isLostIn } from './networks/lost-addresses.js';
export { familyOf, memoFault, memoFaultIn } from './networks/networks.js';
export { API_VENUES, programOf } from './destination/venue-names.js';
export { accountKindsOf, EXAMPLE_VENUE } from './venue-rules/venue-accounts.js';
export { remittanceWords } from './venue-rules/upvest.js';
export { amountFault, destinationFault } from './venue-rules/venue-fault.js';
export {
  DESTINATION_SCHEMA,
  destinationNames,
  destinationOf,
  parseDestination,
  REQUESTED_DESTINATION_SCHEMA,
  requestedDestination,
  wireDestination,
  type WireDestination,
} from './destination/wire.js';
export { ceilingOf, hasBuiltInCeiling, isAboveDay } from './ceilings/ceiling-of.js';
export { type Ceiling, type CeilingSpan, type LoweredCeilings } from './ceilings/ceiling.js';
export { gasCeilingOf, gasFault, type GasFault } from './ceilings/gas-ceilings.js';
export { worthInEur } from './ceilings/worth-in-eur.js';
export { readCeilings } from './ceilings/read-ceilings.js';
export { readUnitWorths } from './ceilings/read-unit-worths.js';
export { unitsWorth, type UnitWorths } from './ceilings/unit-worths.js';
