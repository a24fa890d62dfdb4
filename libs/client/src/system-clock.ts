/**
 * The only file with access to this machine's clock: a request is signed with the sender's time.
 */

/** Milliseconds since 1970. */
export function unixMs(): number {
  return Date.now();
}

/** Milliseconds of a monotonic clock, for durations. */
export function elapsedMs(): number {
  return performance.now();
}
