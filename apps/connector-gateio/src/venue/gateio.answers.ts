import { isObject } from '@sluice/kernel';
import type { AnswerEvidence, VenueCancelOutcome, SubmitOutcome } from '@sluice/connector-rules';
import {
  evidenceOf,
  foreignOutcome,
  notConnected,
  type VenueAnswer,
} from '@sluice/connector-engine';
import { labelOf } from './gateio.client.js';
import { meaningOf } from './gateio.errors.js';
import { textOf } from './gateio.mapping.js';
import { pauseOf } from './gateio.speech.js';

const TOO_MANY_MS = 3_000;

/**
 * Maps the response to a POST of a withdrawal to the proven outcome. Total function: an unlisted
 * label is an ambiguous refusal, any other unlisted response is unknown.
 */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  if (answer.kind === 'not_sent') return notConnected(answer);
  if (answer.kind === 'foreign') return foreignOutcome(answer);
  const evidence = evidenceOf(answer);
  if (answer.kind === 'broken') return { kind: 'unknown', cause: answer.cause, evidence };
  // The limiter in front of the service sends 429, regardless of the label: the service has not
  // processed the request.
  if (answer.status === 429)
    return {
      kind: 'not_sent',
      retryAfterMs: pauseOf(answer),
      cause: 'status 429',
      throttle: 'slow_down',
      evidence,
    };
  const label = labelOf(answer);
  const isSuccess = answer.status >= 200 && answer.status < 300;
  if (isSuccess && label === null) return accepted(answer.json, evidence);
  const isReadable = isSuccess || (answer.status >= 400 && answer.status < 500);
  // A refusal that names a payment refuses no payment.
  if (!isReadable || idOf(answer.json) !== '')
    return { kind: 'unknown', cause: describe(answer), evidence };
  const outcome = byLabel(label, answer, evidence);
  // No source describes a refusal with the status of a success.
  if (!isSuccess) return outcome;
  return outcome.kind === 'refused'
    ? { ...outcome, basis: 'ambiguous' }
    : { kind: 'unknown', cause: describe(answer), evidence };
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
  const id = idOf(json);
  return id === '' || id.length > 128
    ? { kind: 'unknown', cause: 'a success without an id', evidence }
    : { kind: 'accepted', venueReference: id, evidence };
}

function idOf(json: unknown): string {
  return isObject(json) ? textOf(json['id']) : '';
}

function byLabel(
  label: string | null,
  answer: Extract<VenueAnswer, { kind: 'answer' }>,
  evidence: AnswerEvidence,
): SubmitOutcome {
  const message = messageOf(answer.json);
  const meaning = meaningOf(label, message);
  const cause = `status ${answer.status} ${label ?? '(no label)'}`;
  switch (meaning.kind) {
    case 'refused':
      return {
        kind: 'refused',
        basis: meaning.basis,
        reason: meaning.reason,
        venueCode: label,
        message,
        ...(meaning.closes !== undefined && { closes: meaning.closes }),
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
  const text = isObject(json) ? textOf(json['message']) || textOf(json['detail']) : '';
  return text === '' ? 'Gate gave no reason' : text.slice(0, 500);
}
