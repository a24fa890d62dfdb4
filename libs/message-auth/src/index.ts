export { HmacSha256 } from './hmac-sha256.js';
export { KeyRing, type Fields, type KeyPrint, type NamedKey, type Purpose } from './key-ring.js';
export { MessageKeys } from './message-keys.js';
export { MAC_HEADER, messageFault, signMessage, type CarriedMessage } from './message-mac.js';
export {
  signNothingMoved,
  signOrder,
  signReceipt,
  signSignerReceipt,
  verifyNothingMoved,
  verifyOrder,
  verifyReceipt,
  verifySignerReceipt,
  type Authority,
  type AuthorisedOrder,
  type OrderAtVenue,
} from './order-authority.js';
