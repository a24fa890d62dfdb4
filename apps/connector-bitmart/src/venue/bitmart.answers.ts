import { isObject } from '@sluice/kernel';
import type { AnswerEvidence, SubmitOutcome } from '@sluice/connector-rules';
import { evidenceOf, notConnected, type VenueAnswer } from '@sluice/connector-engine';
import { codeOf, dataOf } from './bitmart.client.js';
import { meaningOf } from './bitmart.errors.js';
import { textOf } from './bitmart.mapping.js';

const LONGEST_PAUSE_MS = 60_000;
const ACCEPTED = 1000;

/**
 * Maps the answer to a POST of a withdrawal to the proven outcome, by the answer's code. The HTTP
 * status is ignored, except for refusals with status 5xx, which are ambiguous. An unknown code
 * means an unknown outcome.
 */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  if (answer.kind === 'not_sent') return notConnected(answer);
  const evidence = evidenceOf(answer);
  const code = codeOf(answer);
  if (code === ACCEPTED) return accepted(answer, evidence);
  const meaning = meaningOf(code);
  const cause = describe(answer);
  switch (meaning.kind) {
    case 'refused': {
      const { reason, alarm } = meaning;
      const isServerFault = answer.status !== null && answer.status >= 500;
      const basis = isServerFault ? 'ambiguous' : meaning.basis;
      return {
        kind: 'refused',
        basis,
        reason,
        venueCode: String(code),
        message: messageOf(answer),
        ...(alarm !== undefined && { alarm }),
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

/**
 * `X-BM-RateLimit-Reset` is the length of the window in seconds; the pause is bounded. The header
 * `Remaining` counts used requests, in spite of the name.
 */
function pauseOf(answer: VenueAnswer, leastMs: number): number {
  const reset = answer.kind === 'answer' ? answer.headers['x-bm-ratelimit-reset'] : undefined;
  const windowMs = typeof reset === 'string' && /^\d{1,6}$/.test(reset) ? Number(reset) * 1000 : 0;
  return Math.min(Math.max(windowMs, leastMs), LONGEST_PAUSE_MS);
}

function messageOf(answer: VenueAnswer): string {
  const text =
    answer.kind === 'answer' && isObject(answer.json) ? textOf(answer.json['message']) : '';
  return text === '' ? 'BitMart gave no reason' : text.slice(0, 500);
}
