import { isObject } from '@sluice/kernel';
import { askedPauseMs, type ReceivedAnswer, type VenueSpeech } from '@sluice/connector-engine';

const TOO_MANY_MS = 2_000;
const LONGEST_OWN_PAUSE_MS = 60_000;
const TOO_MANY = 30013;

/** BitMart answers in an envelope with `code`, under any content type. */
export const BITMART_SPEECH: VenueSpeech = {
  isOwn: ({ json }) => isObject(json) && typeof json['code'] === 'number',
  limitedMs: (answer) => {
    const { status, json } = answer;
    const isLimit = status === 429 || (isObject(json) && json['code'] === TOO_MANY);
    return isLimit ? pauseOf(answer, TOO_MANY_MS) : null;
  },
};

/**
 * `X-BM-RateLimit-Reset` is the length of the window in seconds; the pause is bounded. The header
 * `Remaining` counts used requests, in spite of the name.
 */
export function pauseOf({ headers }: Pick<ReceivedAnswer, 'headers'>, leastMs: number): number {
  const reset = headers['x-bm-ratelimit-reset'];
  const windowMs = typeof reset === 'string' && /^\d{1,6}$/.test(reset) ? Number(reset) * 1000 : 0;
  return askedPauseMs(headers, leastMs, Math.min(windowMs, LONGEST_OWN_PAUSE_MS));
}
