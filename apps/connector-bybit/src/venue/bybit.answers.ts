import { isObject } from '@sluice/kernel';
import type { AnswerEvidence, VenueCancelOutcome, SubmitOutcome } from '@sluice/connector-rules';
import { evidenceOf, notConnected, timeOfAnswer, type VenueAnswer } from '@sluice/connector-engine';
import { codeOf, resultOf } from './bybit.client.js';
import { meaningOf, STATUSES, type Meaning } from './bybit.errors.js';

const ASK_AGAIN_MS = 3_000;
const LONGEST_PAUSE_MS = 60_000;

/** Returns the outcome proven by the answer to a create. An unlisted answer is unknown. */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  if (answer.kind === 'not_sent') return notConnected(answer);
  const evidence = masked(evidenceOf(answer));
  const atTheGate = answer.status === null ? undefined : STATUSES[answer.status];
  if (atTheGate) return outcomeOf(atTheGate, answer, evidence);
  if (answer.kind === 'broken' || answer.status !== 200)
    return { kind: 'unknown', cause: describe(answer), evidence };
  const code = codeOf(answer);
  return code === '0'
    ? accepted(answer, evidence)
    : outcomeOf(meaningOf(code, messageOf(answer)), answer, evidence);
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
  answer: Exclude<VenueAnswer, { kind: 'not_sent' }>,
  evidence: AnswerEvidence,
): SubmitOutcome {
  switch (meaning.kind) {
    case 'refused': {
      const { basis, reason, alarm } = meaning;
      const message = messageOf(answer) || 'Bybit gave no reason';
      return {
        kind: 'refused',
        basis,
        reason,
        venueCode: codeOf(answer) ?? String(answer.status),
        message,
        ...(alarm !== undefined && { alarm }),
        evidence,
      };
    }
    case 'not_sent': {
      const retryAfterMs =
        meaning.throttle === 'slow_down'
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

/** `X-Bapi-Limit-Reset-Timestamp` in milliseconds, against the time of the same answer, or `Retry-After` in seconds; within reason. */
function pauseOf(answer: VenueAnswer, least: number): number {
  const { 'x-bapi-limit-reset-timestamp': reset, 'retry-after': after } =
    answer.kind === 'answer' ? answer.headers : {};
  const answeredAt = timeOfAnswer(answer);
  const untilReset =
    typeof reset === 'string' && /^\d{13}$/.test(reset) && answeredAt !== null
      ? Number(reset) - answeredAt
      : 0;
  const asked = typeof after === 'string' && /^\d{1,5}$/.test(after) ? Number(after) * 1_000 : 0;
  return Math.min(Math.max(untilReset, asked, least), LONGEST_PAUSE_MS);
}

/**
 * Removes `origin_string` from the evidence: the error text of a wrong signature repeats the signed
 * text, including our key.
 */
function masked({ status, body }: AnswerEvidence): AnswerEvidence {
  return { status, body: body.replace(/origin_string\[[^"]*/, 'origin_string[***]') };
}
