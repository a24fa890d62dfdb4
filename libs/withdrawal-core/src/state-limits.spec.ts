import { WITHDRAWAL_LIMITS } from './state-limits.js';
import { isTerminal, TRANSITIONS, type State } from './withdrawal-states.js';

describe('WITHDRAWAL_LIMITS', () => {
  it.each(Object.keys(TRANSITIONS) as State[])('%s has a limit unless it is an end', (state) => {
    expect(WITHDRAWAL_LIMITS[state] === null).toBe(isTerminal(state));
  });
});
