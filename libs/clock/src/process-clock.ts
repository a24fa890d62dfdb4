/**
 * The only file that reads this process's own clock (lint refuses it everywhere else). A process clock may be minutes or hours
 * off without any error, so nothing about money is decided by it.
 */

/** Milliseconds of a clock that only moves forward and knows no date: for durations, pauses and the age of what is in memory. */
export function monotonicMs(): number {
  return performance.now();
}

/** What this process's clock says: for logs and other texts that only people read, and to be compared with a better clock. */
export function processTime(): Date {
  return new Date();
}
