import { hash } from 'node:crypto';

const BUCKETS = 256;
const MASK = (1n << 256n) - 1n;

/**
 * Set of entry ids in constant memory: 256 buckets, each the sum of its ids' hashes. Two sets are
 * equal if all buckets are equal, for any order of insertion. For each different bucket, 1 in 256
 * entries has to be read again.
 */
export class EntrySet {
  private readonly sums = Array.from({ length: BUCKETS }, () => 0n);

  add(id: string): void {
    const bucket = bucketOf(id);
    this.sums[bucket] = ((this.sums[bucket] ?? 0n) + BigInt(`0x${hash('sha256', id)}`)) & MASK;
  }

  /** Returns the buckets different from the other set's buckets. */
  differing(other: EntrySet): number[] {
    return this.sums.flatMap((sum, bucket) => (sum === other.sums[bucket] ? [] : [bucket]));
  }
}

/** Returns the last byte of the id, random in every version of UUID. */
export function bucketOf(id: string): number {
  return Number.parseInt(id.slice(-2), 16);
}
