/** A complete response with a body that was read. */
export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly text: string;
  /** Undefined for an empty body, and for a body that is no JSON. */
  readonly json: unknown;
}

/** How answers of a venue are told from pages of a CDN or gateway in front of the venue. */
export interface VenueSpeech {
  /** True for an answer in the venue's own envelope. */
  isOwn(answer: ReceivedAnswer): boolean;
  /** Pause in milliseconds asked for by the venue's rate limit; null for any other answer. */
  limitedMs(answer: ReceivedAnswer): number | null;
}

/** Cause if the venue did not speak, else null. Unreadable JSON may be a cut answer of the venue. */
export function foreignCause(speech: VenueSpeech, answer: ReceivedAnswer): string | null {
  const { status, headers, text, json } = answer;
  const type = String(headers['content-type'] ?? '');
  const isCut = json === undefined && /\bjson\b/i.test(type) && /^\s*[[{]/.test(text);
  if (isCut) return null;
  if (speech.isOwn(answer)) return null;
  const what =
    text === ''
      ? 'an empty body'
      : json === undefined
        ? `a page (${type === '' ? 'no content type' : type.slice(0, 60)})`
        : 'JSON without the envelope of the venue';
  return `status ${status} with ${what}: the answer is not from the venue`;
}

/** Longest pause that a venue can ask for. */
const LONGEST_ASKED_PAUSE_MS = 600_000;

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Pause of `Retry-After` in ms, at most `LONGEST_ASKED_PAUSE_MS`; 0 without a readable header. */
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
