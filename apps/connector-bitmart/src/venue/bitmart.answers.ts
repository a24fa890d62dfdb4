import { isObject } from '@sluice/kernel';
import type { AnswerEvidence, SubmitOutcome } from '@sluice/connector-rules';
import {
  evidenceOf,
  foreignOutcome,
  notConnected,
  type VenueAnswer,
} from '@sluice/connector-engine';
import { codeOf, dataOf } from './bitmart.client.js';
import { isListed, meaningOf } from './bitmart.errors.js';
import { pauseOf } from './bitmart.speech.js';
import { textOf } from './bitmart.mapping.js';

const ACCEPTED = 1000;

/**
 * Maps the answer to a POST of a withdrawal to the proven outcome, by the answer's code. The HTTP
 * status is ignored, except that a refusal with status 5xx is ambiguous, and that an unlisted code
 * with status 5xx proves nothing.
 */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  if (answer.kind === 'not_sent') return notConnected(answer);
  if (answer.kind === 'foreign') return foreignOutcome(answer);
  const evidence = evidenceOf(answer);
  const cause = describe(answer);
  if (answer.kind === 'broken') return { kind: 'unknown', cause, evidence };
  const code = codeOf(answer);
  if (code === ACCEPTED) return accepted(answer, evidence);
  const isServerFault = answer.status >= 500;
  const isRefusal = answer.status === 200 || (answer.status >= 400 && !isServerFault);
  // A refusal that names a payment refuses no payment.
  if (namesPayment(answer.json) || (!isListed(code) && !(isRefusal && isNegative(answer))))
    return { kind: 'unknown', cause, evidence };
  const meaning = meaningOf(code);
  switch (meaning.kind) {
    case 'refused': {
      const { reason, alarm, closes } = meaning;
      const basis = isServerFault ? 'ambiguous' : meaning.basis;
      return {
        kind: 'refused',
        basis,
        reason,
        venueCode: String(code),
        message: messageOf(answer),
        ...(alarm !== undefined && { alarm }),
        ...(closes !== undefined && { closes }),
        evidence,
      };
    }
    case 'not_sent':
      return {
        kind: 'not_sent',
        retryAfterMs: pauseOf(answer, meaning.retryAfterMs),
        cause,
        throttle: meaning.throttle,
        evidence,
      };
    case 'unknown':
      return { kind: 'unknown', cause, evidence };
  }
}

export function describe(answer: VenueAnswer): string {
  if (answer.kind !== 'answer') return answer.cause;
  return `status ${answer.status}, code ${codeOf(answer) ?? '(none)'}`;
}

function accepted(answer: VenueAnswer, evidence: AnswerEvidence): SubmitOutcome {
  const id = textOf(dataOf(answer)?.['withdraw_id']);
  return id === '' || id.length > 128
    ? { kind: 'unknown', cause: `${describe(answer)}, without a withdraw_id`, evidence }
    : { kind: 'accepted', venueReference: id, evidence };
}

/** False for the code 0 and the texts of a success. */
function isNegative(answer: VenueAnswer): boolean {
  return codeOf(answer) !== 0 && !/^\s*(ok|success)\s*$/i.test(messageOf(answer));
}

function namesPayment(json: unknown): boolean {
  const data = isObject(json) ? json['data'] : undefined;
  return isObject(data) && textOf(data['withdraw_id']) !== '';
}

function messageOf(answer: VenueAnswer): string {
  const text =
    answer.kind === 'answer' && isObject(answer.json) ? textOf(answer.json['message']) : '';
  return text === '' ? 'BitMart gave no reason' : text.slice(0, 500);
}
