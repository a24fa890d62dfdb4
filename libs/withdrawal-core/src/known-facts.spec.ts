import { Amount } from '@sluice/kernel';
import { advanceWithdrawal, type Fact } from './advance-withdrawal.js';
import { isOutOfOrder, isKnownAlready } from './known-facts.js';
import { AT, opened, USDT } from './testkit/opened.js';
import { TRANSITIONS, type State, type Trigger } from './withdrawal-states.js';
import type { Withdrawal } from './withdrawal.js';

const FACTS: Readonly<Partial<Record<Trigger, Fact>>> = {
  hold_placed: { trigger: 'hold_placed' },
  approval_asked: { trigger: 'approval_asked', groups: 'treasury 2', expiresAt: AT },
  approval_ended: { trigger: 'approval_ended', reason: 'approval_expired' },
  hold_refused: { trigger: 'hold_refused', reason: 'insufficient_funds' },
  accepted: { trigger: 'accepted', venueReference: 'w1', txHash: null },
  refused: { trigger: 'refused', reason: 'limit', message: 'over the limit' },
  cancelled: { trigger: 'cancelled', reason: 'cancelled', message: 'as you wished' },
  outcome_unknown: { trigger: 'outcome_unknown', cause: 'time-out' },
  decision_needed: { trigger: 'decision_needed', cause: 'no single match' },
  broadcast: { trigger: 'broadcast', txHash: '0xabc' },
  settled: { trigger: 'settled', txHash: '0xabc', venueFee: Amount.of('1', USDT) },
  failed: { trigger: 'failed', reason: 'rejected', message: 'given back' },
  hold_captured: { trigger: 'hold_captured' },
  hold_released: { trigger: 'hold_released' },
  returned: { trigger: 'returned', amount: Amount.of('1', USDT), reason: 'r', message: 'back' },
  return_booked: { trigger: 'return_booked' },
  assignment_refused: { trigger: 'assignment_refused', reason: 'limit_exceeded' },
};

const byOf = ({ trigger }: Fact): string | null =>
  /^(hold|approval|return)_|^assignment_refused$/.test(trigger) ? null : 'venue-a';

interface Life {
  readonly withdrawal: Withdrawal;
  readonly facts: readonly Fact[];
}

/** Facts with a transition in this state. */
function factsIn({ state, tried, cancel }: Withdrawal): Fact[] {
  const hasNoReceipt = state === 'requested' || state === 'awaiting_approval';
  return (Object.keys(TRANSITIONS[state]) as Trigger[])
    .filter((trigger) => trigger !== 'assignment_refused' || tried.length > 0)
    .filter((trigger) => trigger !== 'hold_released' || !hasNoReceipt || cancel !== null)
    .flatMap((trigger) => FACTS[trigger] ?? []);
}

/** Every withdrawal that facts can lead to, with all that was facts of it. */
function allLives(life: Life): Life[] {
  const facts = factsIn(life.withdrawal);
  return [life, ...facts.flatMap((fact) => allLives(after(life, fact)))];
}

function after({ withdrawal, facts }: Life, fact: Fact): Life {
  const step = advanceWithdrawal(withdrawal, fact, { at: AT, by: byOf(fact), route: [] });
  if (!step.ok) throw new Error(`${step.refusal.from} has no place for ${step.refusal.on}`);
  return { withdrawal: step.value.withdrawal, facts: [...facts, fact] };
}

const LIVES = [
  ...allLives({ withdrawal: opened({ pinned: true }), facts: [] }),
  // after a cancel request
  ...allLives({
    withdrawal: {
      ...opened({ pinned: true }),
      cancel: { requestedAt: AT, requestedBy: 'k', refusal: null },
    },
    facts: [],
  }),
  // after a fail-over from another venue
  ...allLives({ withdrawal: { ...opened(), state: 'submitting', tried: ['venue-z'] }, facts: [] }),
];

describe('isKnownAlready', () => {
  it('knows every fact again that has led here, however long ago, and however often it comes', () => {
    expect(LIVES.length).toBeGreaterThan(30);
    for (const { withdrawal, facts } of LIVES)
      for (const fact of facts)
        expect({
          state: withdrawal.state,
          fact,
          known: isKnownAlready(withdrawal, fact, byOf(fact)),
        }).toMatchObject({ known: true });
  });

  it('takes no fact for known that would move it on', () => {
    for (const { withdrawal } of LIVES)
      for (const fact of factsIn(withdrawal))
        expect({
          state: withdrawal.state,
          fact,
          known: isKnownAlready(withdrawal, fact, byOf(fact)),
        }).toMatchObject({ known: false });
  });

  it.each<[string, State, Fact]>([
    [
      'a payment of what was given back',
      'failed',
      { trigger: 'settled', txHash: '0xabc', venueFee: null },
    ],
    [
      'a payment of what was cancelled',
      'cancelled',
      { trigger: 'settled', txHash: null, venueFee: null },
    ],
    [
      'a failure of what is captured',
      'completed',
      { trigger: 'failed', reason: 'x', message: 'y' },
    ],
    [
      'a refusal of what is captured',
      'completed',
      { trigger: 'refused', reason: 'x', message: 'y' },
    ],
    [
      'another reference of the venue',
      'completed',
      { trigger: 'accepted', venueReference: 'w2', txHash: null },
    ],
    ['another transaction', 'completed', { trigger: 'settled', txHash: '0xdef', venueFee: null }],
    ['a hold of what was refused one', 'rejected', { trigger: 'hold_placed' }],
    [
      'an approval of what was refused a hold',
      'rejected',
      { trigger: 'approval_asked', groups: 'treasury 2', expiresAt: AT },
    ],
    [
      'a missing approval of what was paid',
      'completed',
      { trigger: 'approval_ended', reason: 'approval_expired' },
    ],
    [
      'a refused hold of what was paid',
      'completed',
      { trigger: 'hold_refused', reason: 'insufficient_funds' },
    ],
    ['a release of what was captured', 'completed', { trigger: 'hold_released' }],
    [
      'a refused assignment of what was captured',
      'completed',
      { trigger: 'assignment_refused', reason: 'limit_exceeded' },
    ],
    ['a capture of what was released', 'failed', { trigger: 'hold_captured' }],
    [
      'a return of another amount',
      'returned',
      { trigger: 'returned', amount: Amount.of('2', USDT), reason: 'r', message: 'back' },
    ],
    ['a return of what was never paid', 'failed', { ...FACTS.returned } as Fact],
  ])('never hides a contradiction: %s', (_what, state, fact) => {
    const there = LIVES.filter(({ withdrawal }) => withdrawal.state === state);

    expect(there.length).toBeGreaterThan(0);
    for (const { withdrawal } of there)
      expect(isKnownAlready(withdrawal, fact, byOf(fact))).toBe(false);
  });

  it('takes a fact that follows an acceptance, without the acceptance, for a sign that a message was lost; no other', () => {
    const early = LIVES.flatMap(({ withdrawal }) =>
      Object.values(FACTS).flatMap((fact) =>
        isOutOfOrder(withdrawal, fact, byOf(fact)) ? `${withdrawal.state} ${fact.trigger}` : [],
      ),
    );

    const unheard = ['submitting', 'uncertain', 'undecided'].flatMap((state) =>
      ['broadcast', 'failed', 'returned', 'settled'].map((trigger) => `${state} ${trigger}`),
    );
    expect([...new Set(early)].sort()).toEqual([
      'broadcast returned',
      'submitted returned',
      ...unheard,
    ]);
    expect(
      isOutOfOrder(
        { ...opened(), state: 'submitting' },
        { trigger: 'broadcast', txHash: '0xabc' },
        'venue-b',
      ),
    ).toBe(false);
  });

  it('knows the refusal of an earlier venue, and no other report of that venue', () => {
    const withdrawal: Withdrawal = {
      ...opened(),
      state: 'submitting',
      venue: 'venue-b',
      tried: ['venue-a'],
    };

    expect(
      isKnownAlready(withdrawal, { trigger: 'refused', reason: 'limit', message: 'm' }, 'venue-a'),
    ).toBe(true);
    expect(
      isKnownAlready(
        withdrawal,
        { trigger: 'accepted', venueReference: 'w1', txHash: null },
        'venue-a',
      ),
    ).toBe(false);
    expect(
      isKnownAlready(withdrawal, { trigger: 'refused', reason: 'limit', message: 'm' }, 'venue-c'),
    ).toBe(false);
  });
});
