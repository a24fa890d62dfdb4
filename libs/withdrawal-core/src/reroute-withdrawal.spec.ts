import fc from 'fast-check';
import { advanceWithdrawal, type Fact } from './advance-withdrawal.js';
import { requestCancel } from './cancel-withdrawal.js';
import type { Venue } from './choose-venue.js';
import type { Order, SagaCommand, Withdrawal } from './withdrawal.js';
import { AT, opened as openedAs } from './testkit/opened.js';

const NAMES = ['venue-a', 'venue-b', 'venue-c'];
const AS_THE_TERMS_SAY = {
  minimum: null,
  maximum: null,
  decimals: null,
  feePercent: null,
  feeFlat: null,
  submitWithinMs: null,
};
const ROUTE: Venue[] = NAMES.map((name) => ({
  ...AS_THE_TERMS_SAY,
  name,
  pays: ['address', 'venue_account'],
  state: 'on',
}));

/** To an address, which every venue of the route can pay. */
function opened(change: Partial<Order> = {}): Withdrawal {
  return openedAs({ destination: { type: 'address', address: '0x7' }, ...change });
}

const refused = (reason: string): Fact => ({ trigger: 'refused', reason, message: 'no' });
const HELD: Fact = { trigger: 'hold_placed' };
const POOR = refused('insufficient_venue_funds');
const OVER_LIMIT: Fact = { trigger: 'assignment_refused', reason: 'limit_exceeded' };
const ACCEPTED: Fact = { trigger: 'accepted', venueReference: 'v1', txHash: null };
const OUTCOMES: readonly Fact[] = [
  POOR,
  refused('invalid_address'),
  refused('proven_absent'),
  refused('expired'),
  ACCEPTED,
  { trigger: 'outcome_unknown', cause: 'time-out' },
  { trigger: 'decision_needed', cause: 'no single match' },
  { trigger: 'broadcast', txHash: '0xabc' },
  { trigger: 'settled', txHash: '0xabc', venueFee: null },
  { trigger: 'failed', reason: 'rejected', message: 'given back' },
  { trigger: 'cancelled', reason: 'cancelled', message: 'as you wished' },
];

interface Reported {
  readonly by: string | null;
  readonly fact: Fact;
}

const anyReported: fc.Arbitrary<Reported> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ by: fc.constantFrom(...NAMES), fact: fc.constantFrom(...OUTCOMES) }),
  },
  { weight: 2, arbitrary: fc.record({ by: fc.constantFrom(...NAMES), fact: fc.constant(POOR) }) },
  fc.constantFrom<Reported>(
    { by: null, fact: HELD },
    { by: null, fact: { trigger: 'hold_captured' } },
    { by: null, fact: { trigger: 'hold_released' } },
    { by: null, fact: OVER_LIMIT },
  ),
);
const anyStory = fc.array(
  fc.oneof({ weight: 12, arbitrary: anyReported }, fc.constant('request' as const)),
  { maxLength: 40 },
);
const anyRoute = fc.shuffledSubarray(ROUTE);

/** Where money may move, kept apart from the machine: a submit makes a venue live, only that venue's own proof ends it. */
class MoneyAtRisk {
  readonly live = new Set<string>();
  readonly submits: string[] = [];
  readonly paidBy = new Set<string>();

  record({ by, fact }: Reported): void {
    if (by === null) return;
    if (['refused', 'failed', 'cancelled'].includes(fact.trigger)) this.live.delete(by);
  }

  obey(commands: readonly SagaCommand[], { venue }: Withdrawal): void {
    for (const { kind } of commands) {
      if (kind === 'submit' || kind === 'assign') {
        expect([...this.live]).toEqual([]);
        expect(this.submits).not.toContain(venue);
        this.live.add(venue);
        this.submits.push(venue);
      }
      if (kind === 'release') expect([...this.live]).toEqual([]);
      if (kind === 'capture') expect([...this.live]).toEqual([venue]);
    }
  }
}

function play(
  start: Withdrawal,
  story: readonly (Reported | 'request')[],
  route: readonly Venue[],
) {
  const evidence = new MoneyAtRisk();
  let withdrawal = start;
  for (const event of story) {
    if (event === 'request') {
      const request = requestCancel(withdrawal, 'ck_1', AT);
      if (request.ok) withdrawal = request.value.withdrawal;
      continue;
    }
    const step = advanceWithdrawal(withdrawal, event.fact, { at: AT, by: event.by, route });
    // What a venue without a submission says is a lie: no live submission ends by it, and the machine must not believe it either.
    if (step.ok || event.by !== withdrawal.venue) evidence.record(event);
    if (!step.ok) continue;
    withdrawal = step.value.withdrawal;
    evidence.obey(step.value.commands, withdrawal);
  }
  return { withdrawal, evidence };
}

describe('a withdrawal and its venues', () => {
  it('is live at one venue at most, each once, and released only when every venue that had it has proven that nothing moved', () =>
    fc.assert(
      fc.property(anyStory, anyRoute, (story, route) => {
        const { withdrawal, evidence } = play(
          opened(),
          [{ by: null, fact: HELD }, ...story],
          route,
        );
        expect(evidence.submits).toEqual([...withdrawal.tried, withdrawal.venue]);
      }),
      { numRuns: 3_000 },
    ));

  it('never goes on when the customer named the venue', () =>
    fc.assert(
      fc.property(anyStory, anyRoute, (story, route) =>
        expect(play(opened({ pinned: true }), story, route).withdrawal.tried).toEqual([]),
      ),
    ));

  it('goes to no venue after a request to cancel, not even to the next one', () =>
    fc.assert(
      fc.property(anyStory, anyRoute, (story, route) => {
        const { withdrawal } = play(
          opened(),
          [{ by: null, fact: HELD }, 'request', ...story],
          route,
        );
        expect(withdrawal.tried).toEqual([]);
      }),
    ));

  const by = (venue: string, ...facts: Fact[]) => facts.map((fact) => ({ by: venue, fact }));
  const held: Reported = { by: null, fact: HELD };

  it('goes to the next venue after a refusal that allows a fail-over, and reports the reason', () => {
    const { withdrawal } = play(opened(), [held], ROUTE);
    const step = advanceWithdrawal(withdrawal, POOR, { at: AT, by: 'venue-a', route: ROUTE });
    expect(step).toMatchObject({
      ok: true,
      value: {
        trigger: 'rerouted',
        detail: 'insufficient_venue_funds: no; venue-b (venue-a: tried)',
        commands: [{ kind: 'assign', notAfter: null, releaseIfRefused: true }],
        withdrawal: { state: 'submitting', venue: 'venue-b', tried: ['venue-a'], reasonCode: null },
      },
    });
  });

  it('ends as refused at the end of the route, and reports the end of the route', () => {
    const { withdrawal } = play(
      opened(),
      [held, ...by('venue-a', POOR), ...by('venue-b', POOR)],
      ROUTE,
    );
    const step = advanceWithdrawal(withdrawal, POOR, { at: AT, by: 'venue-c', route: ROUTE });
    expect(step).toMatchObject({
      ok: true,
      value: {
        trigger: 'refused',
        detail:
          'insufficient_venue_funds: no; no other venue (venue-a: tried, venue-b: tried, venue-c: tried)',
        commands: [{ kind: 'release' }],
        withdrawal: { state: 'releasing', reasonCode: 'broadcast_rejected' },
      },
    });
  });

  it('ends as failed without a command where a limit refuses the next venue: the ledger has released the hold', () => {
    const { withdrawal } = play(opened(), [held, ...by('venue-a', POOR)], ROUTE);
    const step = advanceWithdrawal(withdrawal, OVER_LIMIT, { at: AT, by: null, route: ROUTE });
    expect(step).toMatchObject({
      ok: true,
      value: {
        trigger: 'assignment_refused',
        detail: 'limit_exceeded',
        decision: null,
        commands: [],
        withdrawal: {
          state: 'failed',
          reasonCode: 'limit_exceeded',
          venue: 'venue-b',
          tried: ['venue-a'],
        },
      },
    });
  });

  it.each<[string, Reported[]]>([
    ['no assignment was requested', []],
    ['the next venue has taken it on', [...by('venue-a', POOR), ...by('venue-b', ACCEPTED)]],
  ])('is not ended by a refused assignment where %s', (_what, story) => {
    const { withdrawal } = play(opened(), [held, ...story], ROUTE);
    expect(advanceWithdrawal(withdrawal, OVER_LIMIT, { at: AT, by: null, route: ROUTE })).toEqual({
      ok: false,
      refusal: { kind: 'illegal_transition', from: withdrawal.state, on: 'assignment_refused' },
    });
  });

  it.each<[string, Fact, object]>([
    ['failed', refused('invalid_address'), { reasonCode: 'recipient_rejected' }],
    ['cancelled', { trigger: 'cancelled', reason: 'cancelled', message: 'm' }, {}],
  ])('that waits for its release ends as %s, also by a refused assignment', (state, fact, rest) => {
    const story = [held, ...by('venue-a', POOR), ...by('venue-b', fact)];
    const { withdrawal } = play(opened(), story, ROUTE);
    expect(
      advanceWithdrawal(withdrawal, OVER_LIMIT, { at: AT, by: null, route: ROUTE }),
    ).toMatchObject({
      ok: true,
      value: { trigger: 'hold_released', commands: [], withdrawal: { state, ...rest } },
    });
  });

  it('goes on when a venue has let its time run out, and gives the next one a time of its own', () => {
    const hurried = ROUTE.map((venue, index) => ({
      ...venue,
      submitWithinMs: (index + 1) * 60_000,
    }));
    const first = advanceWithdrawal(opened({ submitWithinMs: 30_000 }), HELD, {
      at: AT,
      by: null,
      route: [],
    });
    expect(first).toMatchObject({
      value: {
        detail: 'not after 2026-11-20T08:00:30.000Z',
        commands: [{ kind: 'submit', notAfter: new Date('2026-11-20T08:00:30Z') }],
      },
    });

    const late = new Date('2026-11-20T08:00:31Z');
    const next = advanceWithdrawal(play(opened(), [held], ROUTE).withdrawal, refused('expired'), {
      at: late,
      by: 'venue-a',
      route: hurried,
    });

    expect(next).toMatchObject({
      value: {
        trigger: 'rerouted',
        detail: 'expired: no; venue-b (venue-a: tried); not after 2026-11-20T08:02:31.000Z',
        commands: [
          { kind: 'assign', notAfter: new Date('2026-11-20T08:02:31Z'), releaseIfRefused: true },
        ],
      },
    });
  });

  it('never changes the price that the customer was shown', () =>
    fc.assert(
      fc.property(anyStory, anyRoute, (story, route) => {
        const dear = route.map((venue) => ({ ...venue, feePercent: '50', feeFlat: '100' }));
        const start = opened();
        expect(play(start, [held, ...story], dear).withdrawal.order).toEqual(start.order);
      }),
    ));

  it.each<[string, Reported[]]>([
    ['a refusal that is the withdrawal’s own', by('venue-a', refused('invalid_address'))],
    [
      'its time ran out after its outcome was unknown',
      by('venue-a', { trigger: 'outcome_unknown', cause: 'time-out' }, refused('expired')),
    ],
    [
      'a refusal after its outcome was unknown',
      by('venue-a', { trigger: 'outcome_unknown', cause: 'time-out' }, POOR),
    ],
    [
      'a refusal after a person was asked',
      by('venue-a', { trigger: 'decision_needed', cause: '?' }, POOR),
    ],
    [
      'a failure after it was accepted',
      by('venue-a', ACCEPTED, { trigger: 'failed', reason: 'limit', message: 'no' }),
    ],
  ])('does not go on after %s', (_what, story) => {
    expect(play(opened(), [held, ...story], ROUTE).withdrawal).toMatchObject({
      state: 'releasing',
      venue: 'venue-a',
      tried: [],
    });
  });

  it('does not go on with an account of the venue, whatever the route has become: elsewhere it is somebody else', () => {
    const account = opened({ destination: { type: 'venue_account', kind: 'uid', value: '7' } });
    expect(play(account, [held, ...by('venue-a', POOR)], ROUTE.slice(1)).withdrawal).toMatchObject({
      state: 'releasing',
      venue: 'venue-a',
      tried: [],
    });
  });

  it('does not believe a venue that is out of it', () => {
    const { withdrawal } = play(opened(), [held, ...by('venue-a', POOR)], ROUTE);
    for (const fact of OUTCOMES) {
      const late = advanceWithdrawal(withdrawal, fact, { at: AT, by: 'venue-a', route: ROUTE });
      expect(late).toEqual({
        ok: false,
        refusal: { kind: 'other_venue', from: 'submitting', on: fact.trigger, venue: 'venue-a' },
      });
    }
  });

  it('requested to be cancelled, ends as cancelled where it would have gone on', () => {
    const { withdrawal } = play(
      opened(),
      [held, 'request', ...by('venue-a', POOR), { by: null, fact: { trigger: 'hold_released' } }],
      ROUTE,
    );
    expect(withdrawal).toMatchObject({ state: 'cancelled', venue: 'venue-a', tried: [] });
  });
});
