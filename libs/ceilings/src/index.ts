export { BUILT_IN_CEILINGS, UNNAMED_CEILING_EUR } from './built-in-ceilings.js';
export { ceilingOf, hasBuiltInCeiling, isAboveDay } from './ceiling-of.js';
export { type Ceiling, type CeilingSpan, type LoweredCeilings } from './ceiling.js';
export { gasCeilingOf, gasFault, type GasCeiling, type GasFault } from './gas-ceilings.js';
export { readCeilings } from './read-ceilings.js';
