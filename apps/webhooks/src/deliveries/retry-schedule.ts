const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Milliseconds from a failed attempt to the next one: the contract's delays behind the first attempt. */
const RETRY_DELAYS_MS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR, 24 * HOUR];

export const MOST_ATTEMPTS = RETRY_DELAYS_MS.length + 1;

/** How long to wait after so many failed attempts; null when it is over: then only an operator sends it again. */
export function retryDelayMs(failedAttempts: number): number | null {
  return RETRY_DELAYS_MS[failedAttempts - 1] ?? null;
}
