/**
 * The only reader of this process's clock, which may be wrong by hours: no decision about money
 * uses it.
 */

/** Monotonic milliseconds, for durations, pauses and ages. */
export function monotonicMs(): number {
  return performance.now();
}

/** This process's clock, for texts read by people, and for comparisons. */
export function processTime(): Date {
  return new Date();
}
