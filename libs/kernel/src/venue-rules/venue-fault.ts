import type { Amount } from '../money/amount.js';
import type { Destination } from '../destination/destination.js';
import { programOf } from '../destination/venue-names.js';
import { accountFault } from './venue-accounts.js';
import { upvestFault } from './upvest.js';

/**
 * Returns why a venue could never pay the recipient, as `field: reason`; null: the venue may pay.
 * Requests and previews apply the rule before the hold, and the connector before each payment.
 */
export function destinationFault(venue: string, destination: Destination): string | null {
  const program = programOf(venue);
  switch (destination.type) {
    case 'address':
      if (program === 'upvest') return 'type: Upvest pays to reference accounts only';
      // The chains of our own wallet have no memo in a transfer: the money would be lost.
      return program === 'wallet' && destination.memo !== undefined
        ? 'memo: Our own wallet pays without a memo'
        : null;
    case 'venue_account':
      return accountFault(venue, destination);
    case 'reference_account':
      return program === 'upvest' ? upvestFault(destination) : null;
  }
}

/** Upvest's grammar of an amount, in EUR. */
const UPVEST_AMOUNT = /^(0|[1-9]\d{0,8})\.\d{2}$/;

/** Returns why a venue could never pay the amount; null: the venue may pay. */
export function amountFault(venue: string, amount: Amount): string | null {
  if (programOf(venue) !== 'upvest') return null;
  return amount.decimals() <= 2 && amount.isPositive() && UPVEST_AMOUNT.test(amount.toFixed(2))
    ? null
    : 'Upvest pays whole cents, up to 999999999.99';
}
