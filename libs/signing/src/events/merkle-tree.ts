import { hash } from 'node:crypto';

/** Prefixes of RFC 6962: a leaf can never be read as an inner node, nor an inner node as a leaf. */
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

interface MerkleTree {
  readonly root: Buffer;
  /** Siblings from the leaf to the root, for each leaf in order. */
  readonly paths: readonly (readonly Buffer[])[];
}

/** Merkle tree of RFC 6962 over SHA-256. Throws without a leaf. */
export function merkleTree(leaves: readonly Uint8Array[]): MerkleTree {
  const paths = leaves.map((): Buffer[] => []);
  let level = leaves.map((leaf) => sha256(LEAF, leaf));
  for (let height = 0; level.length > 1; height++) {
    paths.forEach((path, index) => {
      // the last node of an odd level has no sibling and moves up unchanged
      const sibling = level[(index >> height) ^ 1];
      if (sibling !== undefined) path.push(sibling);
    });
    level = pairsOf(level);
  }
  const [root] = level;
  if (root === undefined) throw new Error('a Merkle tree needs a leaf');
  return { root, paths };
}

function pairsOf(level: readonly Buffer[]): Buffer[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, at) => {
    const [left, right] = level.slice(2 * at, 2 * at + 2) as [Buffer, Buffer | undefined];
    return right === undefined ? left : sha256(NODE, left, right);
  });
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}
