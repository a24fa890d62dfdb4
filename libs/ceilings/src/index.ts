export { BUILT_IN_CEILINGS } from './built-in-ceilings.js';
export { type Ceiling, type CeilingSpan, type LoweredCeilings } from './ceiling.js';
export { readCeilings } from './read-ceilings.js';
