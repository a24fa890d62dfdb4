import type { FormCapabilities } from './capabilities.js';
import {
  type AwaitedState,
  factsAhead,
  nextAttempt,
  repeatOutcome,
  type ReportedFact,
} from './next-attempt.js';
import { isTerminal, SUBMISSION_STATES, type SubmissionState } from './submission-states.js';
import type { SubmitOutcome } from './venue-adapter.js';

const form: FormCapabilities = {
  form: 'chain',
  destination: 'address',
  accountKinds: [],
  assets: [],
  recovery: 'search',
  absence: { emptyLookups: 3, afterMs: 1 },
  honoured: { forMs: 0, source: 'a venue that forgets at once' },
  maxResends: 2,
  cancellable: true,
  submitEndpoint: 'POST /pay',
};
const nobody = { cancelled: false, expired: false };
const absent = { kind: 'absent', provenBy: 'lookups', resends: 0 } as const;

describe('nextAttempt', () => {
  it('sends again what was proven not sent', () => {
    expect(nextAttempt({ ...form, recovery: 'none' }, { kind: 'not_sent' }, nobody)).toEqual({
      kind: 'again',
    });
  });

  it('sends again after proven absence only where our key can be searched, and not for ever', () => {
    expect(nextAttempt(form, absent, nobody)).toEqual({ kind: 'again' });
    expect(nextAttempt(form, { ...absent, resends: 2 }, nobody)).toEqual({
      kind: 'refuse',
      reason: 'proven_absent',
    });
    for (const recovery of ['none', 'dedupe'] as const)
      expect(nextAttempt({ ...form, recovery }, absent, nobody)).toEqual({
        kind: 'refuse',
        reason: 'proven_absent',
      });
  });

  it('sends again what another party answered, at every venue, unless a person decided', () => {
    const foreign = { ...absent, resends: 9, isForeign: true };
    const keyless = { ...form, recovery: 'none' } as const;
    expect(nextAttempt(keyless, foreign, nobody)).toEqual({ kind: 'again' });
    expect(nextAttempt(keyless, { ...foreign, provenBy: 'decision' }, nobody).kind).toBe('refuse');
    expect(nextAttempt(keyless, foreign, { cancelled: false, expired: true })).toEqual({
      kind: 'refuse',
      reason: 'expired',
    });
  });

  it('does not send again by itself what a person declared absent', () => {
    expect(nextAttempt(form, { ...absent, provenBy: 'decision' }, nobody)).toEqual({
      kind: 'refuse',
      reason: 'proven_absent',
    });
  });

  it('lets a cancel or a deadline end what has not been sent', () => {
    expect(nextAttempt(form, absent, { cancelled: true, expired: true })).toEqual({
      kind: 'refuse',
      reason: 'cancelled',
    });
    expect(nextAttempt(form, { kind: 'not_sent' }, { cancelled: false, expired: true })).toEqual({
      kind: 'refuse',
      reason: 'expired',
    });
  });
});

const evidence = { status: 422, body: '{}' };

describe('the answer to a repeated request', () => {
  it.each<SubmitOutcome>([
    {
      kind: 'refused',
      basis: 'validation',
      reason: 'limit',
      venueCode: 'x',
      message: 'no',
      evidence,
    },
    { kind: 'not_sent', retryAfterMs: 1, cause: 'no connection', evidence },
    { kind: 'unknown', cause: 'time-out', evidence },
  ])('proves nothing about the first one when it is %j', (outcome) => {
    expect(repeatOutcome(outcome)).toMatchObject({ kind: 'unknown', evidence });
  });

  it('is the answer to the first one when it is accepted', () => {
    const accepted: SubmitOutcome = { kind: 'accepted', venueReference: 'v1', evidence };

    expect(repeatOutcome(accepted)).toBe(accepted);
  });
});

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
