import { unreachable } from '@sluice/kernel';
import type { Fact } from './advance-withdrawal.js';
import type { State } from './withdrawal-states.js';
import type { Withdrawal } from './withdrawal.js';

const RELEASED: ReadonlySet<State> = new Set(['releasing', 'failed', 'cancelling', 'cancelled']);
const NOT_PLACED: ReadonlySet<State> = new Set(['requested', 'awaiting_approval', 'rejected']);
const COMPLETED: ReadonlySet<State> = new Set(['completed', 'returning', 'returned']);
const PAID: ReadonlySet<State> = new Set(['capturing', ...COMPLETED]);

/**
 * True if the fact was applied already: a duplicate changes nothing. `by`: venue, null for the
 * ledger.
 */
export function isKnownAlready(withdrawal: Withdrawal, fact: Fact, by: string | null): boolean {
  const { state } = withdrawal;
  if (by !== null && by !== withdrawal.venue)
    return withdrawal.tried.includes(by) && fact.trigger === 'refused';
  switch (fact.trigger) {
    case 'hold_placed':
      return !NOT_PLACED.has(state);
    case 'approval_asked':
      return state !== 'requested' && state !== 'rejected';
    case 'hold_refused':
      return state === 'rejected';
    case 'accepted':
      return withdrawal.venueReference === fact.venueReference;
    case 'outcome_unknown':
      return !NOT_PLACED.has(state) && state !== 'submitting';
    case 'decision_needed':
      return withdrawal.venueReference !== null || state === 'undecided' || RELEASED.has(state);
    case 'refused':
      return withdrawal.venueReference === null && RELEASED.has(state);
    case 'cancelled':
      return state === 'cancelling' || state === 'cancelled';
    case 'broadcast':
      return withdrawal.broadcastAt !== null && withdrawal.txHash === fact.txHash;
    case 'settled':
      return PAID.has(state) && (fact.txHash === null || withdrawal.txHash === fact.txHash);
    case 'failed':
      return withdrawal.venueReference !== null && (state === 'releasing' || state === 'failed');
    case 'hold_captured':
      return COMPLETED.has(state);
    case 'returned':
      return withdrawal.returnedAmount?.equals(fact.amount) === true;
    case 'return_booked':
      return state === 'returned';
    case 'hold_released':
    case 'approval_ended':
    case 'assignment_refused':
      return state === 'failed' || state === 'cancelled';
    default:
      return unreachable(fact);
  }
}

const NOT_ACCEPTED_YET: ReadonlySet<State> = new Set(['submitting', 'uncertain', 'undecided']);
const AFTER_ACCEPTED: ReadonlySet<Fact['trigger']> = new Set([
  'broadcast',
  'settled',
  'failed',
  'returned',
]);
const AT_VENUE: ReadonlySet<State> = new Set(['submitted', 'broadcast']);

/**
 * True if a message was lost: a later fact before the acceptance, or a return before the payment.
 * The connector reports again.
 */
export function isOutOfOrder({ state, venue }: Withdrawal, fact: Fact, by: string | null): boolean {
  if (by !== venue) return false;
  if (fact.trigger === 'returned' && AT_VENUE.has(state)) return true;
  return NOT_ACCEPTED_YET.has(state) && AFTER_ACCEPTED.has(fact.trigger);
}

/** Notes the returned amount of a payment not booked yet; the credit follows. Null for other facts. */
export function noteEarlyReturn(withdrawal: Withdrawal, fact: Fact): Withdrawal | null {
  return fact.trigger === 'returned' && withdrawal.state === 'capturing'
    ? { ...withdrawal, returnedAmount: fact.amount }
    : null;
}

/** Returns the fact of a return noted before the booking of the payment; null without one. */
export function earlyReturn({ state, returnedAmount }: Withdrawal): Fact | null {
  return state === 'completed' && returnedAmount !== null
    ? {
        trigger: 'returned',
        amount: returnedAmount,
        reason: 'returned',
        message: 'reported before the payment was booked',
      }
    : null;
}

/** Notes a replaced transaction's new hash. Null if unchanged. */
export function replaceHash(withdrawal: Withdrawal, fact: Fact): Withdrawal | null {
  const { state, venue, txHash } = withdrawal;
  const isReplaced =
    fact.trigger === 'broadcast' &&
    state === 'broadcast' &&
    venue === WALLET &&
    fact.txHash !== txHash;
  return isReplaced ? { ...withdrawal, txHash: fact.txHash } : null;
}

/** Name of the venue for our own hot wallet. */
export const WALLET = 'wallet';
