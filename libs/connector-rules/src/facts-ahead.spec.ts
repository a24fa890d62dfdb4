import { factsAhead, type AwaitedState, type ReportedFact } from './facts-ahead.js';
import { isTerminal, SUBMISSION_STATES, type SubmissionState } from './submission-states.js';

const SEEN: readonly AwaitedState[] = [
  'submitting',
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
];

/** Where each fact leads the saga, in its own words; `null`: out of the venue's hands. */
const LEADS_TO: Readonly<Record<ReportedFact, AwaitedState | null>> = {
  unknown: 'uncertain',
  undecided: 'undecided',
  accepted: 'submitted',
  broadcast: 'broadcast',
  refused: null,
  settled: null,
  returned: null,
  failed: null,
};

describe('factsAhead', () => {
  it.each<[AwaitedState, SubmissionState, boolean, readonly ReportedFact[]]>([
    ['submitting', 'prepared', false, []],
    ['submitting', 'sending', false, []],
    ['submitting', 'unknown', false, ['unknown']],
    ['uncertain', 'unknown', false, []],
    ['uncertain', 'undecided', false, ['undecided']],
    ['submitting', 'accepted', true, ['accepted', 'broadcast']],
    ['submitted', 'accepted', false, []],
    ['submitted', 'accepted', true, ['broadcast']],
    ['broadcast', 'accepted', true, []],
    ['submitting', 'settled', true, ['accepted', 'settled']],
    ['submitted', 'settled', true, ['settled']],
    ['broadcast', 'failed', true, ['failed']],
    ['submitted', 'returned', false, ['settled', 'returned']],
    ['undecided', 'refused', false, ['refused']],
    ['submitted', 'refused', false, []],
  ])(
    'a withdrawal seen as %s whose submission is %s (on the chain: %s) gets %s',
    (seenAs, state, broadcast, facts) => {
      expect(factsAhead(seenAs, { state, broadcast })).toEqual(facts);
    },
  );

  it('leads somewhere from wherever the event of a final state was missed, but for a refusal of what was accepted', () => {
    const deaf = SEEN.flatMap((seenAs) =>
      SUBMISSION_STATES.filter(
        (state) =>
          isTerminal(state) &&
          state !== 'absent' &&
          state !== 'not_sent' &&
          factsAhead(seenAs, { state, broadcast: true }).length === 0,
      ).map((state) => `${seenAs} ${state}`),
    );

    expect(deaf).toEqual(['submitted refused', 'broadcast refused']);
  });

  it('publishes nothing for a withdrawal that has had every event', () => {
    for (const seenAs of SEEN)
      for (const state of SUBMISSION_STATES) {
        const last = factsAhead(seenAs, { state, broadcast: true }).at(-1);
        const reached = last === undefined ? null : LEADS_TO[last];
        if (reached !== null)
          expect({
            state,
            reached,
            again: factsAhead(reached, { state, broadcast: true }),
          }).toEqual({ state, reached, again: [] });
      }
  });
});
