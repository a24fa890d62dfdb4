import {
  decodeFunctionData,
  encodeFunctionData,
  isAddressEqual,
  type Address,
  type Hex,
} from 'viem';

const TRANSFER = [
  {
    type: 'function',
    name: 'transfer',
    stateMutability: 'nonpayable',
    inputs: [
      { name: 'to', type: 'address' },
      { name: 'amount', type: 'uint256' },
    ],
    outputs: [],
  },
] as const;

export interface TokenTransfer {
  readonly to: Address;
  readonly amount: bigint;
}

/** Calldata of ERC-20's `transfer(to, amount)`, in the token's smallest unit. */
export function transferCalldata({ to, amount }: TokenTransfer): Hex {
  return encodeFunctionData({ abi: TRANSFER, functionName: 'transfer', args: [to, amount] });
}

/** What calldata says as ERC-20's `transfer`; null for any other call, and for any other spelling of this one. */
export function readTransferCalldata(data: Hex): TokenTransfer | null {
  try {
    const [to, amount] = decodeFunctionData({ abi: TRANSFER, data }).args;
    const isExact = transferCalldata({ to, amount }) === data.toLowerCase();
    return isExact ? { to, amount } : null;
  } catch {
    return null; // another function, or too short
  }
}

/** Whether two addresses are the same, however their case is written; none, such as the chain's own coin has, is the same as none. */
export function isSameAddress(one: Address | null, other: Address | null): boolean {
  return one === null || other === null ? one === other : isAddressEqual(one, other);
}
