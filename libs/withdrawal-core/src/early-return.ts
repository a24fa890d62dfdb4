import type { Fact } from './advance-withdrawal.js';
import type { Withdrawal } from './withdrawal.js';

/**
 * Returns the withdrawal with the returned amount of a payment that the ledger has not booked yet:
 * the state does not change, and the credit follows the booking. Returns null for any other fact.
 */
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
