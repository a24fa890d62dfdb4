import { unreachable } from '@sluice/result';
import type { SubmissionState } from './submission-states.js';

/** What a withdrawal that a venue has waits in, as the saga names it. */
export type AwaitedState = 'submitting' | 'uncertain' | 'undecided' | 'submitted' | 'broadcast';

/** A fact that may have to be published again. `undecided`: unknown, and only a person can decide. */
export type ReportedFact =
  'unknown' | 'undecided' | 'accepted' | 'broadcast' | 'refused' | 'settled' | 'failed';

const BEFORE_ACCEPTED: ReadonlySet<AwaitedState> = new Set([
  'submitting',
  'uncertain',
  'undecided',
]);

/**
 * The facts that lead from the state in which the saga sees a withdrawal to the one that its submission is in, in order; none when the
 * submission is no further. Each was published before, so its receiver may have applied it already and must ignore it then.
 */
export function factsAhead(
  seenAs: AwaitedState,
  { state, broadcast }: { readonly state: SubmissionState; readonly broadcast: boolean },
): readonly ReportedFact[] {
  const accepted: readonly ReportedFact[] = BEFORE_ACCEPTED.has(seenAs) ? ['accepted'] : [];
  switch (state) {
    case 'prepared':
    case 'sending':
    case 'refusing': // nothing of it was published
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
      return BEFORE_ACCEPTED.has(seenAs) ? ['refused'] : []; // what was accepted is never refused afterwards
    case 'settled':
      return [...accepted, 'settled'];
    case 'failed':
      return [...accepted, 'failed'];
    default:
      return unreachable(state);
  }
}
