import { isObject } from '@sluice/kernel';
import {
  askedPauseMs,
  timeOfAnswer,
  type ReceivedAnswer,
  type VenueSpeech,
} from '@sluice/connector-engine';

const TOO_MANY_MS = 3_000;
const LONGEST_OWN_PAUSE_MS = 60_000;
const LIMITED = new Set(['TOO_MANY_REQUESTS', 'TOO_FAST']);
const WITHOUT_BODY = new Set([202, 204]);

/** A success of Gate is JSON, or has no body (202, 204). Every other answer is an envelope with `label`. */
export const GATEIO_SPEECH: VenueSpeech = {
  isOwn: ({ status, text, json }) => {
    if (status < 200 || status >= 300) return labelIn(json) !== null;
    return (typeof json === 'object' && json !== null) || (text === '' && WITHOUT_BODY.has(status));
  },
  limitedMs: (answer) => {
    const label = labelIn(answer.json);
    const isLimit = answer.status === 429 || (label !== null && LIMITED.has(label));
    return isLimit ? pauseOf(answer) : null;
  },
};

/** The label of an envelope; null without an envelope. */
export function labelIn(json: unknown): string | null {
  return isObject(json) && typeof json['label'] === 'string' ? json['label'] : null;
}

/**
 * Pause until `X-Gate-RateLimit-Reset-Timestamp` (Unix seconds, as observed), measured from the
 * time of the same response, or `Retry-After`. Bounded, because the header is undocumented.
 */
export function pauseOf(answer: Pick<ReceivedAnswer, 'headers'>): number {
  const reset = answer.headers['x-gate-ratelimit-reset-timestamp'];
  const answeredAt = timeOfAnswer(answer);
  const isTime = typeof reset === 'string' && /^\d{9,11}$/.test(reset);
  const pauseMs = isTime && answeredAt !== null ? Number(reset) * 1000 - answeredAt : 0;
  return askedPauseMs(answer.headers, TOO_MANY_MS, Math.min(pauseMs, LONGEST_OWN_PAUSE_MS));
}
