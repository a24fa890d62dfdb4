import type { Address } from 'viem';
import type { Fees } from './fees.js';

/** All that a wallet of ours ever does: an amount from one address to another, of the chain's own coin or of one token. */
export interface PlainTransfer {
  readonly chainId: number;
  readonly from: Address;
  /** Who gets the amount; of a token, whom its contract books it to. */
  readonly to: Address;
  /** The token's contract; null for the chain's own coin. */
  readonly token: Address | null;
  /** In the smallest unit: wei, or the token's. */
  readonly amount: bigint;
}

/** What a transfer may cost: units of gas, and wei for each (EIP-1559). */
interface TransferFees extends Fees {
  readonly gasLimit: bigint;
}

/** A transfer with its place among those of its sender, ready to be signed. */
export interface NumberedTransfer extends PlainTransfer {
  readonly nonce: bigint;
  readonly fees: TransferFees;
}
