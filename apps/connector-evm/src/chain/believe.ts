import type { Block } from './rpc-results.js';

/**
 * State of a node at the last poll. Null if the node did not answer, or answered for another chain.
 */
export interface NodeView {
  readonly head: Block;
  /** The highest final block, according to the node; negative if no block is final. */
  readonly finalNumber: bigint;
  /** Why the node names no final block, or names another than the settings ask for. */
  readonly trouble?: string;
}

/** Largest lag, in blocks, explained by network delay. */
const MOST_BEHIND = 3n;

/**
 * Chooses the trusted node and the final block number. If two nodes answer, a block is final only
 * if two nodes agree, because a single node may run ahead. The trusted node is the first in
 * configured order without lag. `views` has the same order.
 */
export function believe(
  views: readonly (NodeView | null)[],
): { readonly index: number; readonly finalNumber: bigint } | null {
  const answering = views.filter((view) => view !== null);
  const front = frontOf(answering);
  const final = secondHighest(answering.map(({ finalNumber }) => finalNumber));
  if (front === null || final === null) return null;
  const index = views.findIndex((view) => view !== null && view.head.number + MOST_BEHIND >= front);
  const believed = views[index];
  if (!believed) return null;
  return { index, finalNumber: final < believed.finalNumber ? final : believed.finalNumber };
}

/** Lag of each node in blocks; 0 if network delay explains the lag. */
export function behind(views: readonly (NodeView | null)[]): readonly bigint[] {
  const front = frontOf(views.filter((view) => view !== null));
  return views.map((view) => {
    const blocks = view === null || front === null ? 0n : front - view.head.number;
    return blocks > MOST_BEHIND ? blocks : 0n;
  });
}

/**
 * Returns the reference head. With three nodes, a single node may run ahead, therefore the second
 * highest head counts. With two nodes, a stopped node is more likely, therefore the highest head
 * counts.
 */
function frontOf(answering: readonly NodeView[]): bigint | null {
  const heads = answering.map(({ head }) => head.number);
  return answering.length > 2 ? secondHighest(heads) : highest(heads);
}

function highest(numbers: readonly bigint[]): bigint | null {
  return falling(numbers)[0] ?? null;
}

/** Second highest number; the highest if the list has only a single number. */
function secondHighest(numbers: readonly bigint[]): bigint | null {
  const [first, second] = falling(numbers);
  return second ?? first ?? null;
}

function falling(numbers: readonly bigint[]): readonly bigint[] {
  return [...numbers].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}

/**
 * Answers of the other nodes about an immutable fact. The fact is agreed if no node contradicts and
 * a second node confirms the trusted node. With a single configured node, the node is trusted
 * alone. With several configured nodes, a lone answer ends no payment.
 *
 * Votes: `same`, `other`, `silent` (the node lacks the block or did not answer), `unknown` (the
 * node should know the fact but does not).
 */
export type Vote = 'same' | 'other' | 'unknown' | 'silent';

export function isAgreed(votes: readonly Vote[], configuredNodes: number): boolean {
  if (votes.includes('other')) return false;
  return votes.includes('same') || configuredNodes === 1;
}
