import type { Receipt } from '@sluice/evm';
import { toHex, type Address, type Hex } from 'viem';
import { resultOf } from './node-look.js';
import type { RpcNode } from './rpc-node.js';
import { quantity, receiptOf } from './rpc-results.js';

// Each in one batch. What the node did not answer, or not in the form that it should have, is missing in the map.

/** Null for a hash that is in no block there. */
export async function receiptsAt(
  node: RpcNode,
  hashes: readonly Hex[],
): Promise<Map<Hex, Receipt | null>> {
  const answers = await node.ask(
    hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
  );
  const shown = new Map<Hex, Receipt | null>();
  hashes.forEach((hash, index) => {
    const result = resultOf(answers[index]);
    const receipt = receiptOf(result);
    if (result === null) shown.set(hash, null);
    else if (receipt?.hash === hash) shown.set(hash, receipt);
  });
  return shown;
}

/** Whether the node has it in a block or in its pool. */
export async function knownAt(
  node: RpcNode,
  hashes: readonly Hex[],
): Promise<ReadonlyMap<Hex, boolean>> {
  const answers = await node.ask(
    hashes.map((hash) => ({ method: 'eth_getTransactionByHash', params: [hash] })),
  );
  const shown = new Map<Hex, boolean>();
  hashes.forEach((hash, index) => {
    const result = resultOf(answers[index]);
    if (result !== undefined) shown.set(hash, result !== null);
  });
  return shown;
}

export async function noncesAt(
  node: RpcNode,
  addresses: readonly Address[],
  at: 'latest' | 'pending' | bigint,
): Promise<ReadonlyMap<Address, bigint>> {
  const block = typeof at === 'bigint' ? toHex(at) : at;
  const answers = await node.ask(
    addresses.map((address) => ({ method: 'eth_getTransactionCount', params: [address, block] })),
  );
  const shown = new Map<Address, bigint>();
  addresses.forEach((address, index) => {
    const count = quantity(resultOf(answers[index]));
    if (count !== null) shown.set(address, count);
  });
  return shown;
}
