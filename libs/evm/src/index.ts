export {
  addressOf,
  isSameAddress,
  type Head,
  type ChainLog,
  type Receipt,
  type ChainSettings,
  type FeePolicy,
  type TopUpPolicy,
  type Wallet,
  lookBack,
  NATIVE_DECIMALS,
  textOf,
  unitsOf,
  weiOfGwei,
} from './chain-settings.js';
export {
  readTransferCalldata,
  transferCalldata,
  ethereumSignature,
  type EcdsaSignature,
  type EthereumSignature,
  readSigned,
  readUnsigned,
  signedTransaction,
  signingHash,
  unsignedBytes,
  type RawTransaction,
  type UnsignedContent,
} from './transaction-codec.js';
export {
  type NumberedTransfer,
  type PlainTransfer,
  leavingTopics,
  namesHolder,
  readTransferLog,
  type LoggedTransfer,
} from './transfer-proof.js';
export { mostGasCost, quoteFees, type Fees } from './fees.js';
export {
  classOfNodeError,
  saysRevert,
  type NodeErrorClass,
  type NodeRefusal,
  type RefusalClass,
} from './node-errors.js';
export { parseChains } from './parse-chains.js';
export {
  follow,
  type TrackingDecision,
  type OpenNonce,
  type SeenNonce,
  type TransactionKind,
} from './tracking.js';
