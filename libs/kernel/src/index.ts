export { ok, refuse, unreachable, type Result } from './result.js';
export {
  columnsWhere,
  valuesOf,
  type Column,
  type Columns,
  type GivenRow,
  type RowOf,
  type SqlType,
} from './columns.js';
export {
  Amount,
  AMOUNT_PATTERN,
  isDecimalText,
  MAX_DECIMALS,
  MAX_WHOLE_DIGITS,
  ASSET_PATTERN,
  assetOf,
  currencyOf,
  isAsset,
  networkOf,
  type Asset,
  lowerCase,
  upperCase,
} from './amount.js';
export {
  utcTime,
  DoubledNameError,
  NumberText,
  parseExactJson,
  parseWireJson,
  wireDecimal,
  wireText,
  wireTime,
  isObject,
} from './exact-json.js';
export { identifierFault, visibleTextFault } from './visible-text.js';
export { foldedName, networkNamed, familyOf, memoFault, memoFaultIn } from './networks.js';
export { named as namedInStep, NEXT_STEPS, withNextStep, type WaitingFor } from './next-steps.js';
export {
  API_VENUES,
  canonicalDestination,
  compareRecipients,
  type Destination,
  destinationKey,
  isSameDestination,
  leastAlike,
  type Likeness,
  programOf,
  recipientText,
} from './destination.js';
export {
  ADDRESS_FAMILIES,
  addressHint,
  canonicalIn,
  isSameAddressIn,
  type AddressFamily,
} from './address-families.js';
export { isLostIn } from './lost-addresses.js';
export {
  accountKindsOf,
  EXAMPLE_VENUE,
  remittanceWords,
  amountFault,
  destinationFault,
} from './venue-rules.js';
export {
  DESTINATION_SCHEMA,
  destinationNames,
  destinationOf,
  parseDestination,
  REQUESTED_DESTINATION_SCHEMA,
  requestedDestination,
  wireDestination,
  type WireDestination,
} from './wire-destination.js';
export {
  ceilingOf,
  hasBuiltInCeiling,
  isAboveDay,
  type Ceiling,
  CEILING_SPANS,
  type CeilingSpan,
  type LoweredCeilings,
  gasCeilingOf,
  gasFault,
  type GasFault,
  worthInEur,
  readCeilings,
  readUnitWorths,
  unitsWorth,
  type UnitWorths,
} from './ceilings.js';
