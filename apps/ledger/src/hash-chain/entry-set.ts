import { hash } from 'node:crypto';

const BUCKETS = 256;
const MASK = (1n << 256n) - 1n;

/**
 * A set of entry ids in constant memory, 256 numbers: each bucket is the sum of the hashes of its ids. Two sets are equal when their
 * buckets are, in whatever order ids were added; for each bucket that differs, one in 256 entries has to be read again.
 */
export class EntrySet {
  private readonly sums = Array.from({ length: BUCKETS }, () => 0n);

  add(id: string): void {
    const bucket = bucketOf(id);
    this.sums[bucket] = ((this.sums[bucket] ?? 0n) + BigInt(`0x${hash('sha256', id)}`)) & MASK;
  }

  /** The buckets in which the other differs. */
  differing(other: EntrySet): number[] {
    return this.sums.flatMap((sum, bucket) => (sum === other.sums[bucket] ? [] : [bucket]));
  }
}

/** Its last byte, which is random in every version of UUID. */
export function bucketOf(id: string): number {
  return Number.parseInt(id.slice(-2), 16);
}
