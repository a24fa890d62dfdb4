import { amountFault, destinationFault, memoFault, networkOf } from '@sluice/kernel';
import type { Preparation, WithdrawalOrder } from './venue-adapter.js';

/**
 * Returns the refusal of an order that the venue could never pay; null: the venue may be asked.
 * Requests and previews apply the same rules before the hold.
 */
export function ruleFault(
  venue: string,
  { asset, amount, destination }: Pick<WithdrawalOrder, 'asset' | 'amount' | 'destination'>,
): Extract<Preparation, { kind: 'refused' }> | null {
  const memo =
    destination.type === 'address' ? memoFault(networkOf(asset), destination.memo) : null;
  const message = destinationFault(venue, destination) ?? (memo && `memo: ${memo}`);
  if (message !== null) return { kind: 'refused', reason: 'invalid_destination', message };
  const fault = amountFault(venue, amount);
  return fault === null ? null : { kind: 'refused', reason: 'invalid_amount', message: fault };
}
