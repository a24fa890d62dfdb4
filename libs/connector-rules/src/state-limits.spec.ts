import { SUBMISSION_LIMITS } from './state-limits.js';
import { isTerminal, SUBMISSION_STATES } from './submission-states.js';

describe('SUBMISSION_LIMITS', () => {
  it.each(SUBMISSION_STATES)('%s has a limit unless it is an end', (state) => {
    expect(SUBMISSION_LIMITS[state] === null).toBe(isTerminal(state));
  });
});
