import { unreachable } from '@sluice/kernel';
import { type FormCapabilities, isKeyless } from './capabilities.js';
import type { SubmissionState } from './submission-states.js';
import type { SubmitOutcome } from './venue-adapter.js';

/**
 * End of the last attempt, with the proof of no payment. `refusedAs`: refusal reason, if the venue
 * had refused the attempt too.
 */
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
 * Decides on another attempt with the same client reference:
 * - proven not sent: always, before the deadline;
 * - answered by another party and proven absent by lookups: always, before the deadline;
 * - proven absent by lookups: a limited number of times, if our key can be searched;
 * - proven absent by a person: never automatically, because the person saw an unexpected
 *   withdrawal. The order is refused, and the customer has to request again;
 * - refused by the venue and proven absent: never sent to this venue again. The next venue may pay
 *   the order.
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
 * Converts the response to a repeated request into a proof about the payment. An acceptance proves
 * a single payment. Any other response proves no fact, even a refusal or an unsent request: the
 * response concerns the repeat, and the first request may have been paid.
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
 * Returns, in order, the facts leading from the saga's state of a withdrawal to the present state
 * of the submission. Empty if the submission is not further. Each fact was published before: the
 * receiver must ignore a fact already applied.
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
