import { isObject } from '@sluice/kernel';
import {
  askedPauseMs,
  timeOfAnswer,
  type ReceivedAnswer,
  type VenueSpeech,
} from '@sluice/connector-engine';

const TOO_MANY_MS = 1_000;
const LONGEST_OWN_PAUSE_MS = 60_000;
const LIMITED = new Set(['10006', '10018', '429']);

/** Bybit answers in an envelope with `retCode`; a refused key with an empty 401, and an IP block with a line of text. */
export const BYBIT_SPEECH: VenueSpeech = {
  isOwn: ({ status, text, json }) =>
    retCodeOf(json) !== null ||
    (status === 401 && text.trim() === '') ||
    (status === 403 && isBlockText(text)),
  limitedMs: (answer) => {
    const code = retCodeOf(answer.json);
    const isLimit = answer.status === 429 || (code !== null && LIMITED.has(code));
    return isLimit ? pauseOf(answer, TOO_MANY_MS) : null;
  },
};

/** `retCode` of an envelope as text; null without an envelope. */
export function retCodeOf(json: unknown): string | null {
  return isObject(json) && Number.isInteger(json['retCode']) ? String(json['retCode']) : null;
}

/** True for Bybit's own block of our IP address, by the page on rate limits: "403, access too frequent". */
export function isIpBlock({
  status,
  text,
  json,
}: Pick<ReceivedAnswer, 'status' | 'text' | 'json'>): boolean {
  return status === 403 && (retCodeOf(json) !== null || isBlockText(text));
}

/** `X-Bapi-Limit-Reset-Timestamp` in milliseconds, against the time of the same answer, or `Retry-After`. */
export function pauseOf(answer: Pick<ReceivedAnswer, 'headers'>, leastMs: number): number {
  const { 'x-bapi-limit-reset-timestamp': reset } = answer.headers;
  const answeredAt = timeOfAnswer(answer);
  const untilReset =
    typeof reset === 'string' && /^\d{13}$/.test(reset) && answeredAt !== null
      ? Number(reset) - answeredAt
      : 0;
  return askedPauseMs(answer.headers, leastMs, Math.min(untilReset, LONGEST_OWN_PAUSE_MS));
}

function isBlockText(text: string): boolean {
  return /^\s*(403\b\W*)?access too frequent\b/i.test(text);
}
