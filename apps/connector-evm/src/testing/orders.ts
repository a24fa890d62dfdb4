import { randomUUIDv7 } from 'node:crypto';
import { type Address, getAddress, type Hex, keccak256, parseGwei, slice, toHex } from 'viem';
import type { ContractOrder } from '@sluice/connector-testing';
import { type ChainControl, devAccount } from '@sluice/test-servers/evm';

export function someAddress(name: string = randomUUIDv7()): Address {
  return getAddress(slice(keccak256(toHex(name)), 12));
}

export function orderOf(asset: string, amount: string, address = someAddress()): ContractOrder {
  return { withdrawalId: randomUUIDv7(), asset, amount, destination: { type: 'address', address } };
}

interface TransferToSign {
  readonly nonce: number;
  readonly to?: Address;
  readonly value?: bigint;
  readonly data?: Hex;
  readonly maxFee?: bigint;
  readonly gas?: bigint;
  readonly chainId?: number;
  /** Index of the sending account; default: 0. */
  readonly from?: number;
}

export async function signedTransfer(
  chain: Pick<ChainControl, 'chainId'>,
  {
    nonce,
    to = devAccount(5).address,
    value = 1n,
    data,
    maxFee,
    gas,
    chainId,
    from,
  }: TransferToSign,
): Promise<{ readonly raw: Hex; readonly hash: Hex }> {
  const maxFeePerGas = maxFee ?? parseGwei('10');
  const raw = await devAccount(from ?? 0).signTransaction({
    type: 'eip1559',
    chainId: chainId ?? chain.chainId,
    nonce,
    to,
    value,
    maxFeePerGas,
    gas: gas ?? (data ? 100_000n : 21_000n),
    maxPriorityFeePerGas: maxFeePerGas < parseGwei('1') ? maxFeePerGas : parseGwei('1'),
    ...(data && { data }),
  });
  return { raw, hash: keccak256(raw) };
}
