/**
 * The only file reading this process's own clock (lint refuses the clock in other files). A process
 * clock may be wrong by minutes or hours without any error, hence no decision about money uses this
 * clock.
 */

/**
 * Returns milliseconds of a monotonic clock without a date: for durations, pauses and the age of
 * data in memory.
 */
export function monotonicMs(): number {
  return performance.now();
}

/**
 * Returns the time of this process's clock: for logs and other texts read only by people, and for
 * comparison with a better clock.
 */
export function processTime(): Date {
  return new Date();
}
