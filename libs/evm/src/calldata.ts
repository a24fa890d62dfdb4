import { decodeFunctionData, encodeFunctionData, type Address, type Hex } from 'viem';

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

interface TokenTransfer {
  readonly to: Address;
  readonly amount: bigint;
}

/** Calldata of ERC-20's `transfer(to, amount)`, in the token's smallest unit. */
export function transferCalldata({ to, amount }: TokenTransfer): Hex {
  return encodeFunctionData({ abi: TRANSFER, functionName: 'transfer', args: [to, amount] });
}

/**
 * Decodes calldata of ERC-20's `transfer`; null for any other call, and for any other encoding of
 * the same call.
 */
export function readTransferCalldata(data: Hex): TokenTransfer | null {
  try {
    const [to, amount] = decodeFunctionData({ abi: TRANSFER, data }).args;
    const isExact = transferCalldata({ to, amount }) === data.toLowerCase();
    return isExact ? { to, amount } : null;
  } catch {
    return null; // another function, or missing bytes
  }
}
