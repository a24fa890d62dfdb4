import type { Block } from './rpc-results.js';

/** What one node showed of itself in a look; null where it did not answer, or answered for another chain. */
export interface NodeView {
  readonly head: Block;
  /** The highest block that it calls final; below zero while there is none. */
  readonly finalNumber: bigint;
}

/** Fewer blocks than that are the delay of the network. */
const MOST_BEHIND = 3n;

/**
 * Which node is believed, and up to where blocks are final. Final is what two nodes call final, where two answer: none decides alone by running ahead.
 * Believed is the first in order that is not behind. `views` in the order of the nodes.
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

/** How many blocks each node is behind, where that is no delay of the network. */
export function behind(views: readonly (NodeView | null)[]): readonly bigint[] {
  const front = frontOf(views.filter((view) => view !== null));
  return views.map((view) => {
    const blocks = view === null || front === null ? 0n : front - view.head.number;
    return blocks > MOST_BEHIND ? blocks : 0n;
  });
}

/** Of three nodes one may run ahead; of two it is likelier that the other has stopped. */
function frontOf(answering: readonly NodeView[]): bigint | null {
  const heads = answering.map(({ head }) => head.number);
  return answering.length > 2 ? secondHighest(heads) : highest(heads);
}

function highest(numbers: readonly bigint[]): bigint | null {
  return falling(numbers)[0] ?? null;
}

/** The highest where there is one alone. */
function secondHighest(numbers: readonly bigint[]): bigint | null {
  const [first, second] = falling(numbers);
  return second ?? first ?? null;
}

function falling(numbers: readonly bigint[]): readonly bigint[] {
  return [...numbers].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}

/**
 * What nodes say of one fact that must not change any more. `agreed`: none says otherwise, and one beside the believed node says the same. A single
 * configured node is believed alone; of several, one alone ends no payment while the others are silent.
 * Each vote is `same`, `other`, or `silent` for a node that does not know or did not answer; `unknown` for one that should know and does not.
 */
export type Vote = 'same' | 'other' | 'unknown' | 'silent';

export function isAgreed(votes: readonly Vote[], configuredNodes: number): boolean {
  if (votes.includes('other')) return false;
  return votes.includes('same') || configuredNodes === 1;
}
