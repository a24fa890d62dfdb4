export { addressOf, isSameAddress } from './address.js';
export { readTransferCalldata, transferCalldata } from './calldata.js';
export type { NumberedTransfer, PlainTransfer } from './plain-transfer.js';
export { ethereumSignature, type EcdsaSignature, type EthereumSignature } from './signature.js';
export {
  readSigned,
  readUnsigned,
  signedTransaction,
  signingHash,
  unsignedBytes,
  type RawTransaction,
  type UnsignedContent,
} from './transaction-codec.js';
export type { Head, ChainLog, Receipt } from './chain-facts.js';
export type { ChainSettings, FeePolicy, TopUpPolicy, Wallet } from './chain-settings.js';
export { mostGasCost, quoteFees, type Fees } from './fees.js';
export { classOfNodeError, saysRevert, type NodeErrorClass } from './node-errors.js';
export type { NodeRefusal, RefusalClass } from './refusals.js';
export { lookBack } from './look-back.js';
export { parseChains } from './parse-chains.js';
export {
  follow,
  type TrackingDecision,
  type OpenNonce,
  type SeenNonce,
  type TransactionKind,
} from './tracking.js';
export {
  leavingTopics,
  namesHolder,
  readTransferLog,
  type LoggedTransfer,
} from './transfer-proof.js';
export { NATIVE_DECIMALS, textOf, unitsOf, weiOfGwei } from './wei.js';
