import { isObject } from '@sluice/kernel';
import type { AnswerEvidence, VenueCancelOutcome, SubmitOutcome } from '@sluice/connector-rules';
import { evidenceOf, notConnected, timeOfAnswer, type VenueAnswer } from '@sluice/connector-engine';
import { labelOf } from './gateio.client.js';
import { meaningOf } from './gateio.errors.js';
import { textOf } from './gateio.mapping.js';

const TOO_MANY_MS = 3_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Maps the response to a POST of a withdrawal to the proven outcome. Total function: any unlisted
 * response is unknown.
 */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  if (answer.kind === 'not_sent') return notConnected(answer);
  const evidence = evidenceOf(answer);
  // The limiter in front of the service sends 429, regardless of the body: the service has not
  // processed the request.
  if (answer.status === 429)
    return {
      kind: 'not_sent',
      retryAfterMs: pauseOf(answer),
      cause: 'status 429',
      throttle: 'slow_down',
      evidence,
    };
  if (answer.kind === 'broken') return { kind: 'unknown', cause: answer.cause, evidence };
  if (answer.status >= 200 && answer.status < 300) return accepted(answer.json, evidence);
  const label = labelOf(answer);
  if (answer.status >= 500 || answer.status < 400)
    return { kind: 'unknown', cause: `status ${answer.status} ${label ?? ''}`.trim(), evidence };
  return byLabel(label, answer, evidence);
}

/**
 * Maps the response to a DELETE. A 2xx means Gate received the cancel; the final status of the
 * record decides. A repeated cancel does no harm: the default is a retry.
 */
export function cancelOutcome(answer: VenueAnswer): VenueCancelOutcome {
  if (answer.kind === 'answer' && answer.status >= 200 && answer.status < 300)
    return { kind: 'requested' };
  const label = labelOf(answer);
  if (label === 'INVALID_WITHDRAW_CANCEL_STATUS')
    return { kind: 'refused', message: 'Gate can no longer stop it' };
  if (label === 'INVALID_WITHDRAW_ID')
    return { kind: 'refused', message: 'Gate has no withdrawal of this id to stop' };
  const meaning = meaningOf(label);
  const retryAfterMs = meaning.kind === 'not_sent' ? meaning.retryAfterMs : TOO_MANY_MS;
  return { kind: 'unknown', retryAfterMs, cause: label ?? describe(answer) };
}

export function describe(answer: VenueAnswer): string {
  if (answer.kind !== 'answer') return answer.cause;
  return `status ${answer.status} ${labelOf(answer) ?? ''}`.trim();
}

function accepted(json: unknown, evidence: AnswerEvidence): SubmitOutcome {
  const id = isObject(json) ? textOf(json['id']) : '';
  return id === '' || id.length > 128
    ? { kind: 'unknown', cause: 'a success without an id', evidence }
    : { kind: 'accepted', venueReference: id, evidence };
}

function byLabel(
  label: string | null,
  answer: Extract<VenueAnswer, { kind: 'answer' }>,
  evidence: AnswerEvidence,
): SubmitOutcome {
  const meaning = meaningOf(label);
  const cause = `status ${answer.status} ${label ?? '(no label)'}`;
  switch (meaning.kind) {
    case 'refused':
      return {
        kind: 'refused',
        basis: meaning.basis,
        reason: meaning.reason,
        venueCode: label,
        message: messageOf(answer.json),
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

/**
 * Pause until `X-Gate-RateLimit-Reset-Timestamp` (Unix seconds, as observed), measured from the
 * time of the same response. Bounded, because the header is undocumented.
 */
function pauseOf(answer: VenueAnswer): number {
  const reset =
    answer.kind === 'answer' ? answer.headers['x-gate-ratelimit-reset-timestamp'] : undefined;
  const answeredAt = timeOfAnswer(answer);
  const isTime = typeof reset === 'string' && /^\d{9,11}$/.test(reset);
  const pauseMs = isTime && answeredAt !== null ? Number(reset) * 1000 - answeredAt : TOO_MANY_MS;
  return Math.min(Math.max(pauseMs, TOO_MANY_MS), LONGEST_PAUSE_MS);
}

function messageOf(json: unknown): string {
  const text = isObject(json) ? textOf(json['message']) || textOf(json['detail']) : '';
  return text === '' ? 'Gate gave no reason' : text.slice(0, 500);
}
