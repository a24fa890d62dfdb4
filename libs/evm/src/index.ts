export { addressOf, isSameAddress } from './address.js';
export { readTransferCalldata, transferCalldata, type TokenTransfer } from './calldata.js';
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
export type { Head, Log, Receipt } from './chain-facts.js';
export type { ChainSettings, FeePolicy, Token, TopUpPolicy, Wallet } from './chain-settings.js';
export {
  dearest,
  mostGasCost,
  quoteFees,
  replacementFees,
  type FeeQuote,
  type Fees,
} from './fees.js';
export { classOfNodeError, saysRevert, type NodeErrorClass } from './node-errors.js';
export { parseChains } from './parse-chains.js';
export { DEFAULT_RECIPIENT_GAS, MOST_RECIPIENT_GAS } from './recipient-gas.js';
export {
  follow,
  isWithinSigned,
  lookBack,
  type Decision,
  type OpenNonce,
  type SeenNonce,
  type Step,
  type TransactionKind,
  type Verdict,
} from './tracking.js';
export { namesHolder, proofOf } from './transfer-proof.js';
export { NATIVE_DECIMALS, textOf, unitsOf, weiOfGwei } from './wei.js';
