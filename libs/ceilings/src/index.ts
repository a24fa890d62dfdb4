export { BUILT_IN_CEILINGS, UNNAMED_CEILING_EUR } from './built-in-ceilings.js';
export { ceilingOf, hasBuiltInCeiling, isAboveDay } from './ceiling-of.js';
export { type Ceiling, type CeilingSpan, type LoweredCeilings } from './ceiling.js';
export {
  gasCeilingOf,
  gasFault,
  hasBuiltInGasCeiling,
  type GasCeiling,
  type GasFault,
} from './gas-ceilings.js';
export { worthInEur } from './worth-in-eur.js';
export { readCeilings } from './read-ceilings.js';
export { readUnitWorths } from './read-unit-worths.js';
export { unitsWorth, worthOf, type UnitWorths } from './unit-worths.js';
