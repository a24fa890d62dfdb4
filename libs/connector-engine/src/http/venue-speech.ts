import type { AnswerHeaders } from './retry-after.js';

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

/**
 * Cause if the venue did not speak, null for an answer of the venue. A body that claims to be JSON
 * and cannot be read may be a cut answer of the venue, hence no answer of another party.
 */
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
