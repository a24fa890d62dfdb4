import { isObject } from '@sluice/kernel';
import { askedPauseMs, type VenueSpeech } from '@sluice/connector-engine';

const TOO_MANY_MS = 1_000;

/** A success of Upvest is JSON or has no body. Every other answer is a problem with a `type`, or an OAuth `error`. */
export const UPVEST_SPEECH: VenueSpeech = {
  isOwn: ({ status, text, json }) =>
    status >= 200 && status < 300
      ? text === '' || (typeof json === 'object' && json !== null)
      : isObject(json) && [json['type'], json['error']].some((name) => typeof name === 'string'),
  limitedMs: ({ status, headers }) => (status === 429 ? askedPauseMs(headers, TOO_MANY_MS) : null),
};
