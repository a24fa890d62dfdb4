import { isHex, toHex, type Address, type Hex } from 'viem';
import { resultOf } from './node-look.js';
import type { RpcNode } from './rpc-node.js';
import { quantity } from './rpc-results.js';

// Each function uses a single batch. Missing or malformed answers are absent from the map.

/** True per hash if the node has the transaction in a block or in the pool. */
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

/** Code of each address at the head. */
export async function codesAt(
  node: RpcNode,
  addresses: readonly Address[],
): Promise<ReadonlyMap<Address, Hex>> {
  const answers = await node.ask(
    addresses.map((address) => ({ method: 'eth_getCode', params: [address, 'latest'] })),
  );
  const shown = new Map<Address, Hex>();
  addresses.forEach((address, index) => {
    const code = resultOf(answers[index]);
    if (isHex(code)) shown.set(address, code);
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
