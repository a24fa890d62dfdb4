/** The one file here that reads this machine's clock: a request is signed with the time of whoever sends it. */

/** Milliseconds since 1970. */
export function unixMs(): number {
  return Date.now();
}

/** Milliseconds of a clock that only moves forward: for how long something has taken. */
export function elapsedMs(): number {
  return performance.now();
}
