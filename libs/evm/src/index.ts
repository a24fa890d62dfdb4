export type { Head, Log, Receipt } from './chain-facts.js';
export type { ChainSettings, FeePolicy, Token, Wallet } from './chain-settings.js';
export type { NodeErrorClass } from './node-errors.js';
export {
  isSameAddress,
  readTransferCalldata,
  transferCalldata,
  type TokenTransfer,
} from './calldata.js';
export type { NumberedTransfer, PlainTransfer, TransferFees } from './plain-transfer.js';
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
