import type { Address, Hex } from 'viem';

/**
 * Head of a chain, according to a trusted node at the last poll. Numbers are block numbers, fees
 * are wei per unit of gas.
 */
export interface Head {
  readonly number: bigint;
  readonly hash: Hex;
  readonly baseFeePerGas: bigint;
  /** Priority fee offered to the block producer. */
  readonly tip: bigint;
  /**
   * The highest final block, by depth or by the chain's own `finalized`; all answering nodes have
   * the same block. Negative if no block is final.
   */
  readonly finalNumber: bigint;
}

/** Receipt of a mined transaction. Provisional: a reorganisation can remove the receipt. */
export interface Receipt {
  readonly hash: Hex;
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  readonly from: Address;
  /** `unknown`: no node shows the outcome. */
  readonly status: 'success' | 'reverted' | 'unknown';
  /** Null, like the two below: no node shows the value. */
  readonly gasUsed: bigint | null;
  /** Wei per unit of gas, as charged. */
  readonly effectiveGasPrice: bigint | null;
  /** Further charge of a rollup in wei, where the receipt names such a charge. */
  readonly l1Fee?: bigint;
  readonly logs: readonly ChainLog[] | null;
}

export interface ChainLog {
  /** Emitting contract. */
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}
