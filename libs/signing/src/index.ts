export { chainHeadBytes, isChainHeadSignedBy, type PublishedHead } from './chain-head.js';
export { signBitmart, verifyBitmart, type BitmartRequest } from './bitmart.js';
export { constantTimeEqual, sha256Hex, type Bytes } from './digest.js';
export { bybitCanonical, signBybit, verifyBybit, type BybitRequest } from './bybit.js';
export { gateioCanonical, signGateio, verifyGateio, type GateioRequest } from './gateio.js';
export { intakeCanonical, signIntake, verifyIntake, type IntakeRequest } from './intake.js';
export {
  isIntakePublicKey,
  signedRequestDigest,
  signIntakeEd25519,
  verifyIntakeEd25519,
} from './intake-ed25519.js';
export { readUpvestPrivateKey, readUpvestPublicKey } from './upvest-keys.js';
export { readUpvestSignatureInput, type UpvestSignatureInput } from './upvest-signature-input.js';
export {
  signUpvest,
  upvestDigest,
  upvestSignatureBase,
  verifyUpvest,
  type UpvestMessage,
  type UpvestScheme,
  type UpvestSigning,
} from './upvest.js';
export {
  signStandardWebhook,
  signWebhook,
  verifyStandardWebhook,
  verifyWebhook,
  WEBHOOK_SECRET_PREFIX,
  type SentWebhook,
} from './webhook.js';
export { HmacSha256 } from './message-auth/hmac-sha256.js';
export {
  KeyRing,
  type Fields,
  type KeyPrint,
  type NamedKey,
  type Purpose,
} from './message-auth/key-ring.js';
export { MessageKeys } from './message-auth/message-keys.js';
export {
  MAC_HEADER,
  messageFault,
  signMessage,
  type CarriedMessage,
} from './message-auth/message-mac.js';
export {
  partsOfProof,
  readClosed,
  readSignerReceipt,
  readTimedReceipt,
  signClosed,
  signNothingMoved,
  signOrder,
  signReceipt,
  signSignerReceipt,
  signTimedReceipt,
  untilOf,
  verifyNothingMoved,
  verifyOrder,
  verifyReceipt,
  withClosed,
  type Authority,
  type AuthorisedOrder,
  type ClosedAs,
  type OrderAtVenue,
} from './message-auth/order-authority.js';
export { SecretBox, type SealedSecret } from './secret-box/secret-box.js';
