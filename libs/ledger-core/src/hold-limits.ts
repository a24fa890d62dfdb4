import type { HoldState } from './hold-states.js';

/**
 * Maximum time of a hold in a state before a report as overdue, and the event that ends the state.
 */
interface HoldLimit {
  readonly minutes: number;
  readonly movedOnBy: string;
}

/**
 * Limits by hold state; null for a final state. A hold waits for proof without a time limit, but an
 * overdue hold is reported.
 */
export const HOLD_LIMITS: Readonly<Record<HoldState, HoldLimit | null>> = {
  placed: {
    minutes: 48 * 60,
    movedOnBy: 'the capture or release of the withdrawal, or the due time of the hold',
  },
  captured: null,
  released: null,
  expired: null,
  refused: null,
};
