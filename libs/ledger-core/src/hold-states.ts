export const HOLD_STATES = ['placed', 'captured', 'released', 'expired', 'refused'] as const;
export type HoldState = (typeof HOLD_STATES)[number];

export type HoldCommand =
  | 'place-hold'
  | 'assign-hold'
  | 'grant-hold'
  | 'start-submission'
  | 'capture-hold'
  | 'release-hold'
  | 'expire-hold';

type Transitions = Readonly<
  Record<'none' | HoldState, Readonly<Partial<Record<HoldCommand, readonly HoldState[]>>>>
>;

/**
 * Complete life cycle of a hold: the next states by current state and command. `none`: the
 * withdrawal has no hold yet. A started submission leaves the hold placed, but prevents expiry. A
 * command not listed for a state changes no hold: the command replays its first outcome or is
 * refused.
 */
export const HOLD_TRANSITIONS: Transitions = {
  none: { 'place-hold': ['placed', 'refused'] },
  placed: {
    'assign-hold': ['placed'],
    'grant-hold': ['placed'],
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

/** Returns true if some command leads directly from `from` to `to`. */
export function mayFollow(from: HoldState, to: HoldState): boolean {
  return statesAfter(from).includes(to);
}

function statesAfter(from: 'none' | HoldState): readonly HoldState[] {
  return Object.values(HOLD_TRANSITIONS[from]).flat();
}

/** States with reserved funds: a command can still change the hold. */
export const OPEN_HOLD_STATES = HOLD_STATES.filter((state) => statesAfter(state).length > 0);

/** Final states of holds with formerly reserved funds. */
export const CLOSED_HOLD_STATES = HOLD_STATES.filter(
  (state) =>
    statesAfter(state).length === 0 && OPEN_HOLD_STATES.some((open) => mayFollow(open, state)),
);
