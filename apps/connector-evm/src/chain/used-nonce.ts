import { type Address, type Hex, isAddressEqual, isHex, toHex } from 'viem';
import { blockCall, isAgreed, resultOf, type Vote } from './node-group.js';
import type { SentTransaction, UsedNonce } from './chain.js';
import type { RpcNode } from './rpc-node.js';
import {
  blockOf,
  type MinedTransaction,
  minedTransactionOf,
  quantity,
  transactionsOf,
} from './rpc-results.js';

interface WantedNonce {
  readonly address: Address;
  readonly nonce: bigint;
  readonly upTo: bigint;
  /** Number of nodes in the chain's settings. */
  readonly nodes: number;
}

/**
 * Finds the transaction behind a used nonce by binary search. Other nodes must confirm. Null
 * without old state or agreement.
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
async function voteOn(node: RpcNode, found: MinedTransaction): Promise<Vote> {
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

interface WantedSend {
  readonly addresses: readonly Address[];
  readonly from: bigint;
  readonly to: bigint;
  readonly nodes: number;
}

/** Whole blocks are large: one answer holds so many. */
const BLOCKS_IN_A_CALL = 4;

/**
 * Reads whole blocks for transactions of some addresses. Null where a block is unreadable or
 * disputed.
 */
export async function sentInBlocks(
  node: RpcNode,
  others: readonly RpcNode[],
  { addresses, from, to, nodes }: WantedSend,
): Promise<readonly SentTransaction[] | null> {
  const ours = new Set<string>(addresses);
  const found: MinedTransaction[] = [];
  for (let first = from; first <= to; first += BigInt(BLOCKS_IN_A_CALL)) {
    const count = Math.min(BLOCKS_IN_A_CALL, Number(to - first) + 1);
    const numbers = Array.from({ length: count }, (_, index) => first + BigInt(index));
    const answers = await node.ask(numbers.map((number) => blockCall(toHex(number), true)));
    for (const [index, number] of numbers.entries()) {
      const block = resultOf(answers[index]);
      const transactions = blockOf(block)?.number === number ? transactionsOf(block) : null;
      if (transactions === null) return null;
      found.push(...transactions.filter((one) => ours.has(one.from)));
    }
  }
  const agreed = await Promise.all(
    found.map(async (one) =>
      isAgreed(await Promise.all(others.map((other) => voteOn(other, one))), nodes),
    ),
  );
  return agreed.includes(false) ? null : found;
}

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
