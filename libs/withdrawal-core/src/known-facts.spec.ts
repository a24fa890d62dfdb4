import { Amount } from '@sluice/kernel';
import { advanceWithdrawal, type Fact } from './advance-withdrawal.js';
import { isOutOfOrder, isKnownAlready } from './known-facts.js';
import { AT, opened, USDT } from './testkit/opened.js';
import { TRANSITIONS, type State, type Trigger } from './withdrawal-states.js';
import type { Withdrawal } from './withdrawal.js';

const FACTS: Readonly<Partial<Record<Trigger, Fact>>> = {
  hold_placed: { trigger: 'hold_placed' },
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
};

const byOf = ({ trigger }: Fact): string | null => (trigger.startsWith('hold_') ? null : 'venue-a');

interface Life {
  readonly withdrawal: Withdrawal;
  readonly facts: readonly Fact[];
}

/** Every withdrawal that facts can lead to, with all that was facts of it. */
function allLives(life: Life = { withdrawal: opened({ pinned: true }), facts: [] }): Life[] {
  const facts = (Object.keys(TRANSITIONS[life.withdrawal.state]) as Trigger[]).flatMap(
    (trigger) => FACTS[trigger] ?? [],
  );
  return [life, ...facts.flatMap((fact) => allLives(after(life, fact)))];
}

function after({ withdrawal, facts }: Life, fact: Fact): Life {
  const step = advanceWithdrawal(withdrawal, fact, { at: AT, by: byOf(fact), route: [] });
  if (!step.ok) throw new Error(`${step.refusal.from} has no place for ${step.refusal.on}`);
  return { withdrawal: step.value.withdrawal, facts: [...facts, fact] };
}

const LIVES = allLives();

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
      for (const trigger of Object.keys(TRANSITIONS[withdrawal.state]) as Trigger[]) {
        const fact = FACTS[trigger];
        if (fact)
          expect({
            state: withdrawal.state,
            trigger,
            known: isKnownAlready(withdrawal, fact, byOf(fact)),
          }).toMatchObject({ known: false });
      }
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
      'a refused hold of what was paid',
      'completed',
      { trigger: 'hold_refused', reason: 'insufficient_funds' },
    ],
    ['a release of what was captured', 'completed', { trigger: 'hold_released' }],
    ['a capture of what was released', 'failed', { trigger: 'hold_captured' }],
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

    expect([...new Set(early)].sort()).toEqual(
      ['submitting', 'uncertain', 'undecided'].flatMap((state) =>
        ['broadcast', 'failed', 'settled'].map((trigger) => `${state} ${trigger}`),
      ),
    );
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
