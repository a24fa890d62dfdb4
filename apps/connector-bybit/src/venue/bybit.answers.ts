import { isObject } from '@sluice/kernel';
import type { AnswerEvidence, VenueCancelOutcome, SubmitOutcome } from '@sluice/connector-rules';
import {
  evidenceOf,
  foreignOutcome,
  notConnected,
  type VenueAnswer,
} from '@sluice/connector-engine';
import { codeOf, isBlocked, resultOf } from './bybit.client.js';
import { BLOCKED, meaningOf, STATUSES, type Meaning } from './bybit.errors.js';
import { pauseOf } from './bybit.speech.js';

const ASK_AGAIN_MS = 3_000;

/** Returns the outcome proven by the answer to a create. An unlisted answer is unknown. */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  if (answer.kind === 'not_sent') return notConnected(answer);
  if (answer.kind === 'foreign') return foreignOutcome(answer);
  const evidence = masked(evidenceOf(answer));
  if (isBlocked(answer)) return outcomeOf(BLOCKED, answer, evidence);
  const isReadable = answer.kind === 'answer' && (answer.status === 200 || isClientError(answer));
  if (!isReadable) return { kind: 'unknown', cause: describe(answer), evidence };
  const code = codeOf(answer);
  if (code === '0' && answer.status === 200) return accepted(answer, evidence);
  // A refusal that names a payment refuses no payment.
  if (code === '0' || idOf(answer.json) !== undefined)
    return { kind: 'unknown', cause: describe(answer), evidence };
  const meaning = STATUSES[answer.status] ?? meaningOf(code, messageOf(answer));
  return outcomeOf(meaning, answer, evidence);
}

function isClientError({ status }: { readonly status: number }): boolean {
  return status >= 400 && status < 500;
}

function idOf(json: unknown): unknown {
  const result = isObject(json) ? json['result'] : undefined;
  return isObject(result) ? result['id'] : undefined;
}

/**
 * A success means accepted only with `status` 1; 0 is a refusal under the same retCode. Asking again does no harm, so the
 * default is to ask again.
 */
export function cancelOutcome(answer: VenueAnswer): VenueCancelOutcome {
  const status = resultOf(answer)?.['status'];
  if (status === 1) return { kind: 'requested' };
  if (status === 0) return { kind: 'refused', message: 'Bybit can no longer stop it' };
  const code = codeOf(answer);
  if (code === '131099') return { kind: 'refused', message: 'Bybit is already sending it' };
  if (code === '131002' || code === '10001')
    return { kind: 'refused', message: 'Bybit has no withdrawal of this id to stop' };
  const meaning = meaningOf(code, messageOf(answer));
  return {
    kind: 'unknown',
    retryAfterMs: meaning.kind === 'not_sent' ? meaning.retryAfterMs : ASK_AGAIN_MS,
    cause: describe(answer),
  };
}

/** Returns `retMsg`; the text is trusted only for two codes (MAPPING.md). */
export function messageOf(answer: VenueAnswer): string {
  return answer.kind === 'answer' &&
    isObject(answer.json) &&
    typeof answer.json['retMsg'] === 'string'
    ? answer.json['retMsg'].slice(0, 500)
    : '';
}

/** Describes a fault for logs and evidence. */
export function describe(answer: VenueAnswer): string {
  if (answer.kind !== 'answer') return answer.cause;
  const code = codeOf(answer);
  return code === null ? `status ${answer.status}` : `status ${answer.status}, retCode ${code}`;
}

function accepted(answer: VenueAnswer, evidence: AnswerEvidence): SubmitOutcome {
  const id = resultOf(answer)?.['id'];
  if (typeof id !== 'string' || id === '' || id.length > 128)
    return { kind: 'unknown', cause: 'a success without an id', evidence };
  return { kind: 'accepted', venueReference: id, evidence };
}

function outcomeOf(
  meaning: Meaning,
  answer: Extract<VenueAnswer, { kind: 'answer' | 'broken' }>,
  evidence: AnswerEvidence,
): SubmitOutcome {
  switch (meaning.kind) {
    case 'refused': {
      const { basis, reason, alarm, closes } = meaning;
      const message = messageOf(answer) || 'Bybit gave no reason';
      return {
        kind: 'refused',
        basis,
        reason,
        venueCode: codeOf(answer) ?? String(answer.status),
        message,
        ...(alarm !== undefined && { alarm }),
        ...(closes !== undefined && { closes }),
        evidence,
      };
    }
    case 'not_sent': {
      const retryAfterMs =
        meaning.throttle === 'slow_down' && answer.kind === 'answer'
          ? pauseOf(answer, meaning.retryAfterMs)
          : meaning.retryAfterMs;
      return {
        kind: 'not_sent',
        retryAfterMs,
        cause: describe(answer),
        throttle: meaning.throttle,
        evidence,
      };
    }
    case 'unknown':
      return { kind: 'unknown', cause: describe(answer), evidence };
  }
}

/**
 * Removes `origin_string` from the evidence: the error text of a wrong signature repeats the signed
 * text, including our key.
 */
function masked({ status, body }: AnswerEvidence): AnswerEvidence {
  return { status, body: body.replace(/origin_string\[[^"]*/, 'origin_string[***]') };
}
