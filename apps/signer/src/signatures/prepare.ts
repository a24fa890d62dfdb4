import {
  isSameAddress,
  readUnsigned,
  signingHash,
  unsignedBytes,
  type NumberedTransfer,
  type UnsignedContent,
} from '@sluice/evm';
import type { Hex } from 'viem';
import type { SignatureOrder } from './order.js';

/**
 * An order and the hash to sign. The hash excludes the sender: equal hashes of the same sender mean
 * the same transaction.
 */
export interface PreparedOrder {
  readonly order: SignatureOrder;
  readonly hash: Hex;
}

/**
 * Encodes the transaction and decodes the bytes again as any reader would. Throws if the result
 * differs from the order, which proves a fault in this program.
 */
export function prepare(order: SignatureOrder): PreparedOrder {
  const unsigned = unsignedBytes(order.transfer);
  const read = readUnsigned(unsigned);
  if (!read.ok) throw new Error(`what would be signed is no plain transfer: ${read.refusal}`);
  if (!says(read.value, order.transfer))
    throw new Error('what would be signed is another transfer than was ordered');
  return { order, hash: signingHash(unsigned) };
}

function says(content: UnsignedContent, transfer: NumberedTransfer): boolean {
  const { fees } = content;
  return (
    content.chainId === transfer.chainId &&
    content.nonce === transfer.nonce &&
    content.amount === transfer.amount &&
    isSameAddress(content.to, transfer.to) &&
    isSameAddress(content.token, transfer.token) &&
    fees.gasLimit === transfer.fees.gasLimit &&
    fees.maxFeePerGas === transfer.fees.maxFeePerGas &&
    fees.maxPriorityFeePerGas === transfer.fees.maxPriorityFeePerGas
  );
}
