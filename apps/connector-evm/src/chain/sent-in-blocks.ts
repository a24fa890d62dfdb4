import { toHex, type Address } from 'viem';
import { isAgreed } from './believe.js';
import type { SentTransaction } from './chain.js';
import { blockCall, resultOf } from './node-look.js';
import type { RpcNode } from './rpc-node.js';
import { blockOf, transactionsOf, type MinedTransaction } from './rpc-results.js';
import { voteOn } from './used-nonce.js';

interface WantedSend {
  readonly addresses: readonly Address[];
  readonly from: bigint;
  readonly to: bigint;
  /** How many nodes the chain's settings name. */
  readonly nodes: number;
}

/** Whole blocks are large: one answer holds so many. */
const BLOCKS_IN_A_CALL = 4;

/**
 * Reads whole blocks for the transactions of some addresses: nodes keep the blocks for good, and the state of old blocks only for minutes. Null
 * where a block cannot be read, or the nodes do not agree on a transaction.
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
