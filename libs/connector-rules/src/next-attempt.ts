import { unreachable } from '@sluice/kernel';
import { type FormCapabilities, isKeyless } from './capabilities.js';
import type { SubmissionState } from './submission-states.js';
import type { SubmitOutcome } from './venue-adapter.js';

/** End of the last attempt, without a payment. `refusedAs`: reason if the venue had refused too. */
type EndedAttempt =
  | { kind: 'not_sent' }
  | {
      kind: 'absent';
      provenBy: 'lookups' | 'decision';
      resends: number;
      refusedAs?: string | null;
      /** Another party than the venue answered, such as a CDN or gateway. */
      isForeign?: boolean;
    };

type NextAttempt = { kind: 'again' } | { kind: 'refuse'; reason: string };

interface StopConditions {
  readonly cancelled: boolean;
  readonly expired: boolean;
}

/**
 * Decides on another attempt with the same reference. Not sent, or foreign answer and absent:
 * always, before the deadline. Absent by lookups: limited, with a searchable key. Absent by a
 * person, or refused and absent: never.
 */
export function nextAttempt(
  form: FormCapabilities,
  ended: EndedAttempt,
  wishes: StopConditions,
): NextAttempt {
  const refusedAs = ended.kind === 'absent' ? ended.refusedAs : null;
  if (typeof refusedAs === 'string') return { kind: 'refuse', reason: refusedAs };
  if (wishes.cancelled) return { kind: 'refuse', reason: 'cancelled' };
  if (wishes.expired) return { kind: 'refuse', reason: 'expired' };
  if (ended.kind === 'not_sent') return { kind: 'again' };
  if (ended.isForeign === true && ended.provenBy === 'lookups') return { kind: 'again' };
  if (ended.provenBy === 'decision' || isKeyless(form) || ended.resends >= form.maxResends)
    return { kind: 'refuse', reason: 'proven_absent' };
  return { kind: 'again' };
}

/**
 * Reads the response to a repeat. Only an acceptance proves anything: the first request may have
 * been paid.
 */
export function repeatOutcome(outcome: SubmitOutcome): SubmitOutcome {
  switch (outcome.kind) {
    case 'accepted':
    case 'unknown':
      return outcome;
    case 'refused':
      return {
        kind: 'unknown',
        cause: `refused when it was repeated: ${outcome.message}`,
        evidence: outcome.evidence,
      };
    case 'not_sent':
      return {
        kind: 'unknown',
        cause: `not repeated: ${outcome.cause}`,
        evidence: outcome.evidence,
      };
  }
}

/** State of a withdrawal waiting for a venue, with the saga's names. */
export type AwaitedState = 'submitting' | 'uncertain' | 'undecided' | 'submitted' | 'broadcast';

/** Fact to publish again if necessary. `undecided`: unknown, and only a person can decide. */
export type ReportedFact =
  | 'unknown'
  | 'undecided'
  | 'accepted'
  | 'broadcast'
  | 'refused'
  | 'settled'
  | 'returned'
  | 'failed';

const BEFORE_ACCEPTED: ReadonlySet<AwaitedState> = new Set([
  'submitting',
  'uncertain',
  'undecided',
]);

/**
 * Returns the facts from the saga's state to the present state, in order. All were published
 * before.
 */
export function factsAhead(
  seenAs: AwaitedState,
  { state, broadcast }: { readonly state: SubmissionState; readonly broadcast: boolean },
): readonly ReportedFact[] {
  const accepted: readonly ReportedFact[] = BEFORE_ACCEPTED.has(seenAs) ? ['accepted'] : [];
  switch (state) {
    case 'prepared':
    case 'sending':
    case 'refusing': // no fact was published
    case 'not_sent':
    case 'absent':
      return [];
    case 'unknown':
    case 'repeating':
      return seenAs === 'submitting' ? ['unknown'] : [];
    case 'undecided':
      return seenAs === 'submitting' || seenAs === 'uncertain' ? ['undecided'] : [];
    case 'accepted':
      return broadcast && seenAs !== 'broadcast' ? [...accepted, 'broadcast'] : accepted;
    case 'disputed':
      return accepted;
    case 'refused':
      // an accepted payment is never refused afterwards
      return BEFORE_ACCEPTED.has(seenAs) ? ['refused'] : [];
    case 'settled':
      return [...accepted, 'settled'];
    case 'returned':
      return [...accepted, 'settled', 'returned'];
    case 'failed':
      return [...accepted, 'failed'];
    default:
      return unreachable(state);
  }
}
