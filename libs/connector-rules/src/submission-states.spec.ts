import {
  edge,
  EVENT_ON_ENTERING,
  isTerminal,
  nextState,
  SUBMISSION_LIMITS,
  SUBMISSION_STATES,
  type SubmissionState,
  triggersOf,
} from './submission-states.js';

function followers(state: SubmissionState): SubmissionState[] {
  return triggersOf(state).flatMap((trigger) => {
    const to = nextState(state, trigger);
    return to.ok ? [to.value] : [];
  });
}

/** Every path without the one loop: from repeating back to unknown nothing has changed. */
function paths(
  from: SubmissionState,
  before: readonly SubmissionState[] = [],
): SubmissionState[][] {
  const path = [...before, from];
  const next = followers(from).filter(
    (to) => to !== from && !(from === 'repeating' && to === 'unknown'),
  );
  return next.length === 0 ? [path] : next.flatMap((to) => paths(to, path));
}

const ALL_PATHS = paths('prepared');

describe('the edge of a trigger', () => {
  it('has every state that the trigger applies to', () => {
    expect(edge('outcome_unknown')).toEqual({ from: ['sending', 'repeating'], to: 'unknown' });
    expect(edge('found').from).toEqual(['prepared', 'refusing', 'unknown', 'undecided']);
  });
});

describe('the life of an attempt', () => {
  it('reaches every state and ends on every path: no edge leads back but from repeating to unknown', () => {
    expect(new Set(ALL_PATHS.flat())).toEqual(new Set(SUBMISSION_STATES));
    for (const path of ALL_PATHS) expect(new Set(path).size).toBe(path.length);
  });

  it('lets nothing out of an ended state but a return of settled money', () => {
    const ended = SUBMISSION_STATES.filter(isTerminal);

    expect(ended).toEqual(['not_sent', 'absent', 'refused', 'settled', 'returned', 'failed']);
    for (const state of ended)
      expect(followers(state)).toEqual(state === 'settled' ? ['returned', 'returned'] : []);
  });

  it('never leads from unknown to refused, not_sent or sending: only proof ends it', () => {
    expect(followers('unknown').sort()).toEqual([
      'absent',
      'absent',
      'accepted',
      'accepted',
      'repeating',
      'undecided',
    ]);
    expect(followers('repeating').sort()).toEqual(['accepted', 'unknown']);
    expect(followers('undecided').sort()).toEqual([
      'absent',
      'absent',
      'accepted',
      'accepted',
      'undecided',
    ]);
  });

  it('publishes submission-accepted before any later event on every path', () => {
    for (const path of ALL_PATHS) {
      const events = path
        .map((state) => EVENT_ON_ENTERING[state])
        .filter((event) => event !== null);
      const final = events.findIndex(
        (event) => event === 'withdrawal-settled' || event === 'withdrawal-failed',
      );
      if (final >= 0) expect(events.slice(0, final)).toContain('submission-accepted');
      expect(events.includes('submission-refused') && events.includes('submission-accepted')).toBe(
        false,
      );
    }
  });
});

describe('SUBMISSION_LIMITS', () => {
  it.each(SUBMISSION_STATES)('%s has a limit unless it is an end', (state) => {
    expect(SUBMISSION_LIMITS[state] === null).toBe(isTerminal(state));
  });
});
