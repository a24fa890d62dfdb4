/** A turn of this length is followed by a rest of the same length. */
const AS_LONG_MS = 10;
const MOST_MS = 20;

/**
 * Returns the pause in milliseconds after an awaited batch, from the batch's duration in
 * milliseconds. A batch costs as much as dozens of messages, and takes long on a busy machine: with
 * a pause, more messages share the next batch. The pause grows with the square of the duration, so
 * an idle machine hardly pauses.
 */
export function restAfterMs(tookMs: number): number {
  return Math.min(tookMs ** 2 / AS_LONG_MS, MOST_MS);
}
