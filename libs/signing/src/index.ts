export {
  chainHeadBytes,
  isChainHeadSignedBy,
  EVENT_SIGNATURE_HEADER,
  EventSigningKey,
  eventPublicKey,
  type EventPublicKey,
} from './event-signing-key.js';
export { signBitmart, verifyBitmart } from './bitmart.js';
export { constantTimeEqual, sha256Hex, type Bytes } from './digest.js';
export { bybitCanonical, signBybit, verifyBybit, type BybitRequest } from './bybit.js';
export { signGateio, verifyGateio } from './gateio.js';
export {
  intakeCanonical,
  signIntake,
  verifyIntake,
  type IntakeRequest,
  isIntakePublicKey,
  signedRequestDigest,
  signIntakeEd25519,
  verifyIntakeEd25519,
} from './intake.js';
export {
  readUpvestPrivateKey,
  readUpvestPublicKey,
  readUpvestSignatureInput,
  type UpvestSignatureInput,
  signUpvest,
  verifyUpvest,
  type UpvestMessage,
} from './upvest.js';
export {
  signStandardWebhook,
  signWebhook,
  verifyStandardWebhook,
  verifyWebhook,
  WEBHOOK_SECRET_PREFIX,
} from './webhook.js';
export {
  PermitKeys,
  PermitSigningKey,
  type PermitStatement,
  HeldPermit,
  PERMIT_LIFE_MS,
  type PermittedOrder,
  type ReadClocks,
} from './permit.js';
export { HmacSha256, KeyRing } from './message-auth/key-ring.js';
export {
  MessageKeys,
  followedFault,
  isSignedFor,
  messageFault,
  signMessage,
} from './message-auth/message-keys.js';
export {
  partsOfProof,
  readClosed,
  readReceipt,
  signProof,
  untilOf,
  verifyProof,
  withClosed,
  type ClosedAs,
  type OrderAtVenue,
} from './message-auth/order-proof.js';
export { SecretBox, type SealedSecret } from './secret-box.js';
export {
  challengeOfCall,
  PASSKEY_HEADER,
  type PasskeyCall,
  passkeyCallText,
  type PasskeyHeader,
  writePasskeyHeader,
} from './passkeys/passkey-call.js';
export {
  isVoucherValid,
  type PasskeyVoucher,
  readVoucher,
  signVoucher,
} from './passkeys/voucher.js';
