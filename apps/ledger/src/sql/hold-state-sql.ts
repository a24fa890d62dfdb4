import { CLOSED_HOLD_STATES, OPEN_HOLD_STATES, type HoldState } from '@sluice/ledger-core';

/** States as SQL literals, for `state IN (…)`. */
function statesSql(...states: readonly HoldState[]): string {
  return states.map((state) => `'${state}'`).join(', ');
}

export const OPEN_STATES = statesSql(...OPEN_HOLD_STATES);
/** Ended holds, previously with reserved funds. */
export const CLOSED_STATES = statesSql(...CLOSED_HOLD_STATES);
export const PLACED = statesSql('placed');
export const REFUSED = statesSql('refused');
/** Ended without a journal entry. */
export const CLOSED_UNPAID_STATES = statesSql('released', 'expired');
