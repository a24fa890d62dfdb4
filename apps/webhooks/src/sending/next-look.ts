/** Shortest time between two looks for due deliveries. */
export const LOOK_MS = 1_000;
/**
 * Longest time between two looks. A look finds the deliveries that a crashed process has stored and
 * not claimed.
 */
const LOOK_AT_REST_MS = 5_000;

/**
 * Time until the next look: when the next delivery is due, such as a retry or the end of a lease of
 * a crashed process. `wasDue`: a due delivery may wait for a free place.
 */
export function nextLookInMs(wasDue: boolean, nextInMs: number | null): number {
  if (wasDue) return LOOK_MS;
  return Math.min(Math.max(nextInMs ?? LOOK_AT_REST_MS, LOOK_MS), LOOK_AT_REST_MS);
}
