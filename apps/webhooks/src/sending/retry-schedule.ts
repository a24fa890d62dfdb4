const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Delays in ms from a failed attempt to the next attempt, as fixed in the contract. */
const RETRY_DELAYS_MS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR, 24 * HOUR];

export const MOST_ATTEMPTS = RETRY_DELAYS_MS.length + 1;

/**
 * Returns the delay in ms after a number of failed attempts; null after the last attempt: only a
 * requeue sends the delivery again.
 */
export function retryDelayMs(failedAttempts: number): number | null {
  return RETRY_DELAYS_MS[failedAttempts - 1] ?? null;
}
