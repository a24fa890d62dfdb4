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
