export { HmacSha256 } from './hmac-sha256.js';
export { KeyRing, type Fields, type KeyPrint, type NamedKey, type Purpose } from './key-ring.js';
export { MessageKeys } from './message-keys.js';
export { MAC_HEADER, messageFault, signMessage, type CarriedMessage } from './message-mac.js';
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
} from './order-authority.js';
