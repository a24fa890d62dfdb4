import type { Address, Hex } from 'viem';

/** A chain as one believed node shows it, at one look. Numbers are of blocks, fees are wei for each unit of gas. */
export interface Head {
  readonly number: bigint;
  readonly hash: Hex;
  readonly baseFeePerGas: bigint;
  /** What is offered to whoever makes the block. */
  readonly tip: bigint;
  /** The highest block that is final, by depth or by the chain's own word; every node that answered has the same one. Below zero while there is none. */
  readonly finalNumber: bigint;
}

/** What a block says of a transaction in it. It is provisional: a reorganisation takes it away. */
export interface Receipt {
  readonly hash: Hex;
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  readonly from: Address;
  readonly status: 'success' | 'reverted';
  readonly gasUsed: bigint;
  /** Wei for each unit of gas, as it was paid. */
  readonly effectiveGasPrice: bigint;
  readonly logs: readonly Log[];
}

export interface Log {
  /** The contract that wrote it. */
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}
