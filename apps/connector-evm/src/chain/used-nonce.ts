import { isAddressEqual, toHex, type Address } from 'viem';
import { isAgreed, type Vote } from './believe.js';
import type { UsedNonce } from './chain.js';
import { blockCall, resultOf } from './node-look.js';
import type { RpcNode } from './rpc-node.js';
import {
  minedTransactionOf,
  quantity,
  transactionsOf,
  type MinedTransaction,
} from './rpc-results.js';

interface WantedNonce {
  readonly address: Address;
  readonly nonce: bigint;
  readonly upTo: bigint;
  /** Number of nodes in the chain's settings. */
  readonly nodes: number;
}

/**
 * Finds the transaction behind a used nonce, by binary search over the blocks up to `upTo`. The
 * other nodes must confirm the transaction. Null if the nodes no longer have the state of the
 * blocks, or disagree.
 */
export async function findUser(
  node: RpcNode,
  others: readonly RpcNode[],
  wanted: WantedNonce,
): Promise<UsedNonce | null> {
  const number = await blockOfUse(node, wanted);
  if (number === null) return null;
  const [answer] = await node.ask([blockCall(toHex(number), true)]);
  const found = transactionsOf(resultOf(answer))?.find(
    ({ from, nonce }) => isAddressEqual(from, wanted.address) && nonce === wanted.nonce,
  );
  if (!found || found.blockNumber !== number) return null;
  const votes = await Promise.all(others.map((other) => voteOn(other, found)));
  const { hash, to, value, input } = found;
  return isAgreed(votes, wanted.nodes) ? { hash, blockNumber: number, to, value, input } : null;
}

/** The first block with more transactions of the address than `nonce`. */
async function blockOfUse(
  node: RpcNode,
  { address, nonce, upTo }: WantedNonce,
): Promise<bigint | null> {
  const isUsedAt = async (block: bigint): Promise<boolean | null> => {
    const [answer] = await node.ask([
      { method: 'eth_getTransactionCount', params: [address, toHex(block)] },
    ]);
    const count = quantity(resultOf(answer));
    return count === null ? null : count > nonce;
  };
  if ((await isUsedAt(upTo)) !== true) return null;
  // Doubling steps backwards to a block before the use, because the use is rarely far away.
  let [unused, used] = [upTo, upTo];
  for (let step = 1n; unused === used; step *= 2n) {
    const below = used - step < 0n ? 0n : used - step;
    const isUsed = await isUsedAt(below);
    if (isUsed === null) return null;
    if (!isUsed) unused = below;
    else if (below === 0n) return null;
    else [unused, used] = [below, below];
  }
  while (used - unused > 1n) {
    const middle = (used + unused) / 2n;
    const isUsed = await isUsedAt(middle);
    if (isUsed === null) return null;
    if (isUsed) used = middle;
    else unused = middle;
  }
  return used;
}

/** Compares a transaction in a block of the believed node with the same transaction at another node. */
export async function voteOn(node: RpcNode, found: MinedTransaction): Promise<Vote> {
  const [answer] = await node.ask([{ method: 'eth_getTransactionByHash', params: [found.hash] }]);
  const result = resultOf(answer);
  if (result === undefined) return 'silent';
  const theirs = minedTransactionOf(result);
  if (theirs === null) return 'unknown';
  const isSame =
    theirs.blockHash === found.blockHash &&
    theirs.nonce === found.nonce &&
    isAddressEqual(theirs.from, found.from);
  return isSame ? 'same' : 'other';
}
