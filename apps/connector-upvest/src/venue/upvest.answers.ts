import { askedPauseMs, evidenceOf, foreignOutcome, notConnected } from '@sluice/connector-engine';
import {
  acceptedOutcome,
  type AnswerEvidence,
  type CodeMeaning,
  outcomeOfCode,
  type SubmitOutcome,
  UNLISTED_CODE,
  type VenueCancelOutcome,
} from '@sluice/connector-rules';
import { isObject } from '@sluice/kernel';
import type { UpvestAnswer } from './upvest.client.js';
import { textOf } from './upvest.mapping.js';

const TOO_MANY_MS = 1_000;
const ASK_AGAIN_MS = 3_000;

/**
 * Outcome proven by a submit's answer. An unlisted 4xx problem is an ambiguous refusal; else
 * unknown.
 */
export function submitOutcome(answer: UpvestAnswer): SubmitOutcome {
  if (answer.kind === 'not_sent') return notConnected(answer);
  if (answer.kind === 'foreign') return foreignOutcome(answer);
  const evidence = evidenceOf(answer);
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
  if (answer.kind === 'broken') return { kind: 'unknown', cause: answer.cause, evidence };
  // A 429 comes from in front of the service, which did not process the request.
  if (answer.status === 429)
    return {
      kind: 'not_sent',
      retryAfterMs: askedPauseMs(answer.headers, TOO_MANY_MS),
      cause: 'status 429',
      throttle: 'slow_down',
      evidence,
    };
  if (answer.status >= 200 && answer.status < 300)
    return acceptedOutcome(idOf(answer.json), evidence);
  return byProblem(answer.status, answer.json, evidence);
}

/** Reads the answer to a DELETE. The record's final status decides. A repeat does no harm. */
export function cancelOutcome(answer: UpvestAnswer): VenueCancelOutcome {
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

/** Returns the last part of the problem's `type`, a URL; null if absent. */
export function problemNameOf(json: unknown): string | null {
  const type = isObject(json) ? textOf(json['type']) : '';
  return /(?<![a-z_])([a-z_]+)\/?$/.exec(type)?.[1] ?? null;
}

function idOf(json: unknown): string {
  return isObject(json) ? textOf(json['id']).toLowerCase() : '';
}

function byProblem(status: number, json: unknown, evidence: AnswerEvidence): SubmitOutcome {
  const name = problemNameOf(json);
  return outcomeOfCode(meaningOf(status, name), {
    venueCode: name,
    message: messageOf(json),
    cause: `status ${status} ${name ?? '(no name)'}`,
    evidence,
  });
}

function messageOf(json: unknown): string {
  const text = isObject(json) ? textOf(json['detail']) || textOf(json['title']) : '';
  return text === '' ? 'Upvest gave no reason' : text.slice(0, 500);
}

// The reference describes each error mapped to `refused` as found before execution.
const refused = (reason: string): CodeMeaning => ({
  kind: 'refused',
  basis: 'validation',
  reason,
});
const unknown: CodeMeaning = { kind: 'unknown' };

// Upvest refuses the connector: nothing moved, the queue waits, submitting halts, a person is
// called.
const halted: CodeMeaning = { kind: 'not_sent', retryAfterMs: 60_000, throttle: 'halt' };

/** Errors of MAPPING.md, by HTTP status and last part of `type`. `UpvestTokens` handles 401. */
export const PROBLEMS: Readonly<Record<string, CodeMeaning>> = {
  '400 invalid_request': refused('invalid_request'),
  '400 bad_request': refused('invalid_request'), // the name in older samples
  '400 missing_idempotency_key': refused('malformed_request'),
  '400 missing_client_id': halted,
  '403 forbidden': halted,
  '404 not_found': refused('invalid_destination'),
  '406 not_acceptable': refused('malformed_request'),
  '409 conflict': unknown, // an earlier request with this key may be under way
  '422 unprocessable_entity': refused('refused_by_venue'), // probably includes insufficient cash
  '429 too_many_requests': { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'slow_down' },
  '500 internal': unknown,
  '502 bad_gateway': unknown,
  '503 unavailable': unknown, // the same key goes again in any case
  '504 gateway_timeout': unknown,
};

/** Total: an unlisted 4xx problem is an ambiguous refusal; another status or no name is unknown. */
function meaningOf(status: number, name: string | null): CodeMeaning {
  const pair = `${status} ${name ?? ''}`;
  if (Object.hasOwn(PROBLEMS, pair)) return PROBLEMS[pair] ?? unknown;
  const isRefusal = name !== null && status >= 400 && status < 500;
  return isRefusal ? { kind: 'refused', basis: 'ambiguous', reason: UNLISTED_CODE } : unknown;
}
