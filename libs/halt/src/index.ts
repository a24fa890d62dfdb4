export { haltOnViolation } from './halt-on-violation.js';
export { HaltEntity } from './halt.entity.js';
export { HaltsController, ON_HALT_CHANGE, SCOPES_HALTED_HERE } from './halts.controller.js';
export {
  Halts,
  haltsInForce,
  REMAINING_CAUSE,
  type HaltOrder,
  type RemainingCause,
} from './halts.js';
export { HALT_SETTINGS, haltAtStart } from './start-halted.js';
export { openHalts, type HaltToOpen, type OpenedHalt } from './open-halts.js';
