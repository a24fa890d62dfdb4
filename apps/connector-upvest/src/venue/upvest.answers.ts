import { isObject } from '@sluice/exact-json';
import type { AnswerEvidence, CancelOutcome, SubmitOutcome } from '@sluice/connector-rules';
import { type UpvestAnswer } from './upvest.client.js';
import { meaningOf } from './upvest.errors.js';
import { textOf } from './upvest.mapping.js';

const RECONNECT_MS = 1_000;
const ASK_AGAIN_MS = 3_000;

/** What the answer to a POST of a withdrawal proves. Total: what is not listed is unknown. */
export function submitOutcome(answer: UpvestAnswer): SubmitOutcome {
  const evidence = evidenceOf(answer);
  if (answer.kind === 'not_sent')
    return {
      kind: 'not_sent',
      retryAfterMs: RECONNECT_MS,
      cause: answer.cause,
      throttle: 'pause',
      evidence,
    };
  if (answer.kind === 'no_access') {
    const { retryAfterMs, cause, throttle } = answer;
    return {
      kind: 'not_sent',
      retryAfterMs,
      cause,
      ...(throttle !== null && { throttle }),
      evidence,
    };
  }
  // 429 is written in front of the service, whatever the body: the request was not looked at.
  if (answer.status === 429)
    return {
      kind: 'not_sent',
      retryAfterMs: RECONNECT_MS,
      cause: 'status 429',
      throttle: 'slow_down',
      evidence,
    };
  if (answer.kind === 'broken') return { kind: 'unknown', cause: answer.cause, evidence };
  if (answer.status >= 200 && answer.status < 300) return accepted(answer.json, evidence);
  return byProblem(answer.status, answer.json, evidence);
}

/** DELETE: a 2xx means that Upvest got it; the final status of the record decides. Asking again does no harm, so the default is to ask again. */
export function cancelOutcome(answer: UpvestAnswer): CancelOutcome {
  if (answer.kind !== 'answer')
    return {
      kind: 'unknown',
      retryAfterMs: answer.kind === 'no_access' ? answer.retryAfterMs : ASK_AGAIN_MS,
      cause: answer.cause,
    };
  if (answer.status >= 200 && answer.status < 300) return { kind: 'requested' };
  const pair = `${answer.status} ${problemNameOf(answer.json) ?? ''}`;
  if (pair === '409 conflict') return { kind: 'refused', message: 'Upvest can no longer stop it' };
  if (pair === '404 not_found')
    return { kind: 'refused', message: 'Upvest has no withdrawal of this id to stop' };
  return { kind: 'unknown', retryAfterMs: ASK_AGAIN_MS, cause: describe(answer) };
}

export function describe(answer: UpvestAnswer): string {
  if (answer.kind !== 'answer') return answer.cause;
  return `status ${answer.status} ${problemNameOf(answer.json) ?? ''}`.trim();
}

/** The last part of the problem's `type`, which is an address. */
export function problemNameOf(json: unknown): string | null {
  const type = isObject(json) ? textOf(json['type']) : '';
  return /([a-z_]+)\/?$/.exec(type)?.[1] ?? null;
}

function accepted(json: unknown, evidence: AnswerEvidence): SubmitOutcome {
  const id = isObject(json) ? textOf(json['id']) : '';
  return id === '' || id.length > 128
    ? { kind: 'unknown', cause: 'a success without an id', evidence }
    : { kind: 'accepted', venueReference: id.toLowerCase(), evidence };
}

function byProblem(status: number, json: unknown, evidence: AnswerEvidence): SubmitOutcome {
  const name = problemNameOf(json);
  const meaning = meaningOf(status, name);
  const cause = `status ${status} ${name ?? '(no name)'}`;
  switch (meaning.kind) {
    case 'refused':
      return {
        kind: 'refused',
        basis: meaning.basis,
        reason: meaning.reason,
        venueCode: name,
        message: messageOf(json),
        evidence,
      };
    case 'not_sent':
      return {
        kind: 'not_sent',
        retryAfterMs: meaning.retryAfterMs,
        cause,
        throttle: meaning.throttle,
        evidence,
      };
    case 'unknown':
      return { kind: 'unknown', cause, evidence };
  }
}

function messageOf(json: unknown): string {
  const text = isObject(json) ? textOf(json['detail']) || textOf(json['title']) : '';
  return text === '' ? 'Upvest gave no reason' : text.slice(0, 500);
}

function evidenceOf(answer: UpvestAnswer): AnswerEvidence {
  return answer.kind === 'not_sent'
    ? { status: null, body: '' }
    : { status: answer.status, body: answer.text.slice(0, 2_048) };
}
