import { isTerminal, type State } from '@sluice/withdrawal-core';
import { AWAITS } from './awaits-of-state.js';

describe('what a withdrawal awaits in a state', () => {
  it.each(Object.entries(AWAITS))('has one next step before the end: %s', (state, text) => {
    if (isTerminal(state as State)) expect(text).toBeNull();
    else expect(text?.match(/\(next: sluice [^)]+\)$/g)).toHaveLength(1);
  });
});
