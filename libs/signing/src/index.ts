export { chainHeadBytes, isChainHeadSignedBy } from './chain-head.js';
export { signBitmart, verifyBitmart } from './bitmart.js';
export { constantTimeEqual, sha256Hex, type Bytes } from './digest.js';
export { bybitCanonical, signBybit, verifyBybit, type BybitRequest } from './bybit.js';
export { signGateio, verifyGateio } from './gateio.js';
export { intakeCanonical, signIntake, verifyIntake, type IntakeRequest } from './intake.js';
export {
  isIntakePublicKey,
  signedRequestDigest,
  signIntakeEd25519,
  verifyIntakeEd25519,
} from './intake-ed25519.js';
export { readUpvestPrivateKey, readUpvestPublicKey } from './upvest-keys.js';
export { readUpvestSignatureInput, type UpvestSignatureInput } from './upvest-signature-input.js';
export { signUpvest, verifyUpvest, type UpvestMessage } from './upvest.js';
export {
  signStandardWebhook,
  signWebhook,
  verifyStandardWebhook,
  verifyWebhook,
  WEBHOOK_SECRET_PREFIX,
} from './webhook.js';
export {
  EVENT_SIGNATURE_HEADER,
  EventSigningKey,
  eventPublicKey,
  type EventPublicKey,
} from './events/event-signing-key.js';
export { PermitKeys, PermitSigningKey } from './permits/permit-keys.js';
export type { PermitStatement } from './permits/permit-statement.js';
export {
  HeldPermit,
  PERMIT_LIFE_MS,
  type PermittedOrder,
  type ReadClocks,
} from './permits/held-permit.js';
export { HmacSha256 } from './message-auth/hmac-sha256.js';
export { KeyRing } from './message-auth/key-ring.js';
export { MessageKeys } from './message-auth/message-keys.js';
export {
  followedFault,
  isSignedFor,
  messageFault,
  signMessage,
} from './message-auth/message-mac.js';
export {
  partsOfProof,
  readClosed,
  readSignerReceipt,
  readTimedReceipt,
  signClosed,
  signNothingMoved,
  signReturned,
  signOrder,
  signRequestProof,
  signSignerReceipt,
  signTimedReceipt,
  untilOf,
  verifyNothingMoved,
  verifyReturned,
  verifyOrder,
  verifyRequestProof,
  withClosed,
  type ClosedAs,
  type OrderAtVenue,
} from './message-auth/order-authority.js';
export { SecretBox, type SealedSecret } from './secret-box/secret-box.js';
