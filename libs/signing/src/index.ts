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
