import { askedPauseMs, evidenceOf, outcomeOfAnswer } from '@sluice/connector-engine';
import {
  acceptedOutcome,
  type AnswerEvidence,
  type CodeMeaning,
  HALTED,
  NOT_KNOWN,
  outcomeOfCode,
  type SubmitOutcome,
  tooManyRequests,
  UNLISTED,
  validated,
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
  if (answer.kind === 'no_access') {
    const { retryAfterMs, cause, throttle } = answer;
    const evidence = evidenceOf(answer);
    return { kind: 'not_sent', retryAfterMs, cause, ...(throttle && { throttle }), evidence };
  }
  return outcomeOfAnswer(answer, ({ status, headers, json }, evidence) => {
    if (status === 429) return tooManyRequests(askedPauseMs(headers, TOO_MANY_MS), evidence);
    return status >= 200 && status < 300
      ? acceptedOutcome(idOf(json), evidence)
      : byProblem(status, json, evidence);
  });
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

/**
 * Errors of MAPPING.md, by HTTP status and last part of `type`. The reference describes each
 * refusal as found before execution. `UpvestTokens` handles 401.
 */
export const PROBLEMS: Readonly<Record<string, CodeMeaning>> = {
  '400 invalid_request': validated('invalid_request'),
  '400 bad_request': validated('invalid_request'), // the name in older samples
  '400 missing_idempotency_key': validated('malformed_request'),
  '400 missing_client_id': HALTED,
  '403 forbidden': HALTED,
  '404 not_found': validated('invalid_destination'),
  '406 not_acceptable': validated('malformed_request'),
  '409 conflict': NOT_KNOWN, // an earlier request with this key may be under way
  '422 unprocessable_entity': validated('refused_by_venue'), // probably includes insufficient cash
  '429 too_many_requests': { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'slow_down' },
  '500 internal': NOT_KNOWN,
  '502 bad_gateway': NOT_KNOWN,
  '503 unavailable': NOT_KNOWN, // the same key goes again in any case
  '504 gateway_timeout': NOT_KNOWN,
};

/** Total: an unlisted 4xx problem is an ambiguous refusal; another status or no name is unknown. */
function meaningOf(status: number, name: string | null): CodeMeaning {
  const pair = `${status} ${name ?? ''}`;
  if (Object.hasOwn(PROBLEMS, pair)) return PROBLEMS[pair] ?? NOT_KNOWN;
  return name !== null && status >= 400 && status < 500 ? UNLISTED : NOT_KNOWN;
}
