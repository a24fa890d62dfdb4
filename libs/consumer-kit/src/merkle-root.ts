import { createHash } from 'node:crypto';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** Place of a leaf in a Merkle tree of RFC 6962. */
export interface MerklePlace {
  readonly index: number;
  /** Number of leaves. */
  readonly size: number;
  /** Siblings from the leaf to the root. */
  readonly path: readonly Buffer[];
}

/** Returns the root of the tree; null if the path does not have the length of this place. */
export function rootOf(leaf: Buffer, { index, size, path }: MerklePlace): Buffer | null {
  if (index >= size) return null;
  const siblings = [...path];
  let node = sha256(LEAF, leaf);
  for (let [at, width] = [index, size]; width > 1; at >>= 1, width = (width + 1) >> 1) {
    if (at % 2 === 0 && at === width - 1) continue; // no sibling: the node moves up unchanged
    const sibling = siblings.shift();
    if (sibling === undefined) return null;
    node = at % 2 === 0 ? sha256(NODE, node, sibling) : sha256(NODE, sibling, node);
  }
  return siblings.length === 0 ? node : null;
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}
