export const HOLD_STATES = ['placed', 'captured', 'released', 'expired', 'refused'] as const;
export type HoldState = (typeof HOLD_STATES)[number];

export type HoldCommand =
  | 'place-hold'
  | 'assign-hold'
  | 'start-submission'
  | 'capture-hold'
  | 'release-hold'
  | 'expire-hold';

type Transitions = Readonly<
  Record<'none' | HoldState, Readonly<Partial<Record<HoldCommand, readonly HoldState[]>>>>
>;

/**
 * The whole life of a hold: from which state which command leads where. `none`: the withdrawal has no hold yet. A submission that starts
 * leaves the hold placed, but it cannot expire any more. A command that a state does not list changes nothing: it replays its first
 * outcome or is refused.
 */
export const HOLD_TRANSITIONS: Transitions = {
  none: { 'place-hold': ['placed', 'refused'] },
  placed: {
    'assign-hold': ['placed'],
    'start-submission': ['placed'],
    'capture-hold': ['captured'],
    'release-hold': ['released'],
    'expire-hold': ['expired'],
  },
  captured: {},
  released: {},
  expired: {},
  refused: {},
};

/** Whether some command leads from one state to the other. */
export function mayFollow(from: HoldState, to: HoldState): boolean {
  return statesAfter(from).includes(to);
}

function statesAfter(from: 'none' | HoldState): readonly HoldState[] {
  return Object.values(HOLD_TRANSITIONS[from]).flat();
}

/** States that a command still leads on from: funds are reserved. */
export const OPEN_HOLD_STATES = HOLD_STATES.filter((state) => statesAfter(state).length > 0);

/** States in which a hold ends that had reserved funds. */
export const CLOSED_HOLD_STATES = HOLD_STATES.filter(
  (state) =>
    statesAfter(state).length === 0 && OPEN_HOLD_STATES.some((open) => mayFollow(open, state)),
);
