import type { Address } from 'viem';
import type { Fees } from './fees.js';

/**
 * The only kind of transfer by our wallets: an amount from an address to another address, in the
 * native coin or a token.
 */
export interface PlainTransfer {
  readonly chainId: number;
  readonly from: Address;
  /** Recipient of the amount; for a token, the account credited by the token's contract. */
  readonly to: Address;
  /** The token's contract; null for the chain's own coin. */
  readonly token: Address | null;
  /** In the smallest unit: wei, or the token's. */
  readonly amount: bigint;
}

/** Gas limit, and the fees in wei per unit of gas (EIP-1559). */
interface TransferFees extends Fees {
  readonly gasLimit: bigint;
}

/** A transfer with a nonce and fees, ready for signing. */
export interface NumberedTransfer extends PlainTransfer {
  readonly nonce: bigint;
  readonly fees: TransferFees;
}
