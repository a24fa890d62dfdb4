import fc from 'fast-check';
import {
  isTerminal,
  next,
  PUBLIC_VIEW,
  publishedAs,
  TRANSITIONS,
  type State,
  type Trigger,
} from './withdrawal-states.js';

const STATES = Object.keys(TRANSITIONS) as State[];
const TRIGGERS: Trigger[] = [
  'hold_placed',
  'approval_asked',
  'approval_ended',
  'withdrawn',
  'hold_refused',
  'rerouted',
  'assignment_refused',
  'accepted',
  'refused',
  'outcome_unknown',
  'decision_needed',
  'broadcast',
  'settled',
  'failed',
  'cancelled',
  'hold_captured',
  'hold_released',
];

/** The hold is released before such a step: it ends a withdrawal without a command. */
const RELEASED_BY_LEDGER = new Set<Trigger>([
  'hold_released',
  'assignment_refused',
  'approval_ended',
]);

function reachableFrom(start: State): Set<State> {
  const seen = new Set<State>([start]);
  for (const state of seen) Object.values(TRANSITIONS[state]).forEach((to: State) => seen.add(to));
  return seen;
}

describe('withdrawal states', () => {
  it('reaches every state from requested', () => {
    expect([...reachableFrom('requested')].sort()).toEqual([...STATES].sort());
  });

  it('reaches a terminal state from every state', () => {
    for (const state of STATES) expect([...reachableFrom(state)].some(isTerminal)).toBe(true);
  });

  it('has no backward edge: no state is reached twice on any path, but for the next venue’s turn', () => {
    for (const state of STATES) {
      for (const [trigger, to] of Object.entries(TRANSITIONS[state]) as [Trigger, State][]) {
        if (trigger === 'rerouted') expect([state, to]).toEqual(['submitting', 'submitting']);
        else expect(reachableFrom(to).has(state)).toBe(false);
      }
    }
  });

  it('absorbs in terminal states, but for the return of a completed payment', () => {
    for (const state of STATES.filter(isTerminal))
      for (const trigger of TRIGGERS)
        expect(next(state, trigger).ok).toBe(state === 'completed' && trigger === 'returned');
  });

  it('returns only what was captured, once', () => {
    const leads = STATES.filter((state) => 'returned' in TRANSITIONS[state]);

    expect(leads).toEqual(['completed']);
    expect(TRANSITIONS.returning).toEqual({ return_booked: 'returned' });
    expect(TRANSITIONS.returned).toEqual({});
  });

  it('releases a hold only on proof that nothing moved', () => {
    const proofs = new Set<Trigger>(['refused', 'failed', 'cancelled', 'withdrawn']);
    const ends: State[] = ['failed', 'cancelled'];
    for (const state of STATES) {
      for (const [trigger, to] of Object.entries(TRANSITIONS[state]) as [Trigger, State][]) {
        if (to === 'releasing' || to === 'cancelling') expect(proofs.has(trigger)).toBe(true);
        if (ends.includes(to)) expect(RELEASED_BY_LEDGER.has(trigger)).toBe(true);
      }
    }
  });

  it('captures only what was settled, after a hold was placed', () => {
    const paths = fc.array(fc.constantFrom(...TRIGGERS), { maxLength: 30 });
    fc.assert(
      fc.property(paths, (triggers) => {
        const seen: Trigger[] = [];
        let state: State = 'requested';
        for (const trigger of triggers) {
          const step = next(state, trigger);
          if (!step.ok) continue;
          state = step.value;
          seen.push(trigger);
        }
        if (state === 'completed')
          expect(seen).toEqual(
            expect.arrayContaining(['hold_placed', 'accepted', 'settled', 'hold_captured']),
          );
        if (state === 'failed' || state === 'cancelled') expect(seen).not.toContain('settled');
      }),
    );
  });

  it('publishes each change of the status, the venue and an approval, and no other step', () => {
    const statusOf = (state: State) => PUBLIC_VIEW[state].status;
    const isReleased = (state: State) => state === 'releasing' || state === 'cancelling';
    for (const from of STATES)
      for (const [trigger, to] of Object.entries(TRANSITIONS[from]) as [Trigger, State][]) {
        const isChanged =
          (statusOf(from) !== statusOf(to) && !isReleased(to)) || // its end is published
          ['hold_placed', 'approval_asked', 'rerouted', 'return_booked'].includes(trigger);
        const event = publishedAs(from, to);
        const isPublished = isChanged && to !== 'rejected';
        expect([from, trigger, event !== null]).toEqual([from, trigger, isPublished]);
        if (event !== null) expect(statusOf(event)).toBe(statusOf(to));
      }
  });

  it('publishes a broadcast once, before the end of every payment', () => {
    expect(publishedAs('submitted', 'broadcast')).toBe('broadcast');
    expect(publishedAs('broadcast', 'capturing')).toBeNull();
    expect(publishedAs('submitted', 'capturing')).toBe('broadcast');
  });

  it('shows only the five public statuses, final ones for final states alone', () => {
    for (const state of STATES)
      expect(['confirmed', 'failed', 'cancelled'].includes(PUBLIC_VIEW[state].status)).toBe(
        isTerminal(state) || state === 'returning', // the payment was confirmed before
      );
  });
});
