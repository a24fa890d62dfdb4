import type { HoldState } from './hold-states.js';

/** How long a hold may stay in a state before it is reported as overdue, and what moves it on. */
export interface HoldLimit {
  readonly minutes: number;
  readonly movedOnBy: string;
}

/** By state; null for a final one. A hold waits for proof however long that takes, but one that is overdue is reported. */
export const HOLD_LIMITS: Readonly<Record<HoldState, HoldLimit | null>> = {
  placed: {
    minutes: 48 * 60,
    movedOnBy: 'the capture or release of its withdrawal, or its due time',
  },
  captured: null,
  released: null,
  expired: null,
  refused: null,
};
