/** Longest pause that a venue can ask for. */
const LONGEST_ASKED_PAUSE_MS = 600_000;

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Pause asked for by `Retry-After`, in seconds or as an HTTP date against the date of the same
 * answer; at most `LONGEST_ASKED_PAUSE_MS`, and 0 without a readable header.
 */
export function retryAfterMs(headers: AnswerHeaders): number {
  const asked = headers['retry-after'];
  if (typeof asked !== 'string') return 0;
  const text = asked.trim();
  const [at, now] = [timeOfHeader(text), timeOfHeader(headers['date'])];
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : at === null || now === null ? 0 : at - now;
  return Math.min(Math.max(ms, 0), LONGEST_ASKED_PAUSE_MS);
}

/** The longest of the pauses asked for by an answer, within the bounds of a pause. */
export function askedPauseMs(headers: AnswerHeaders, leastMs: number, ownMs = 0): number {
  return Math.min(Math.max(retryAfterMs(headers), ownMs, leastMs), LONGEST_ASKED_PAUSE_MS);
}

export function timeOfHeader(date: unknown): number | null {
  const timeMs = typeof date === 'string' ? Date.parse(date) : NaN;
  return Number.isNaN(timeMs) ? null : timeMs;
}
