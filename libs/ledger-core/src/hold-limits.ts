import type { Hold } from './hold.js';

/** How long a hold may stay in a state, and who leads on from it. */
export interface HoldLimit {
  readonly minutes: number;
  readonly movedOnBy: string;
}

/** No state without an end: null is an end. A hold waits for proof however long that takes, but somebody hears of it. */
export const HOLD_LIMITS: Readonly<Record<Hold['state'], HoldLimit | null>> = {
  placed: {
    minutes: 48 * 60,
    movedOnBy: 'the capture or release of its withdrawal, or its due time',
  },
  captured: null,
  released: null,
  expired: null,
  refused: null,
};
