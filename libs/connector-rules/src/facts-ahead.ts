import { unreachable } from '@sluice/kernel';
import type { SubmissionState } from './submission-states.js';

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
