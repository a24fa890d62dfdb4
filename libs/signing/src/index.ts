export { constantTimeEqual, sha256Hex, type Bytes } from './digest.js';
export { gateioCanonical, signGateio, verifyGateio, type GateioRequest } from './gateio.js';
export { intakeCanonical, signIntake, verifyIntake, type IntakeRequest } from './intake.js';
