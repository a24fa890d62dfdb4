/** A turn of this length is followed by a rest of the same length. */
const AS_LONG_MS = 10;
const MOST_MS = 20;

/**
 * How many milliseconds to rest after a turn that somebody waited for, by how many it took. A turn costs as much as some dozens of messages, and takes
 * long where the machine is full: there more share the next one. By the square, so that a machine with little to do hardly rests.
 */
export function restAfterMs(tookMs: number): number {
  return Math.min(tookMs ** 2 / AS_LONG_MS, MOST_MS);
}
