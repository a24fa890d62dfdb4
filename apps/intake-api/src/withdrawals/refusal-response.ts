import { unreachable } from '@sluice/result';
import { ApiError } from '../http/api-error.js';
import type { WithdrawalRefusal } from './withdrawal-refusal.js';

const RETRY_AFTER_OVERLOAD_SECONDS = '1';

/** How the public API answers a refusal: the contract's status and message. */
export function refusalResponse(refusal: WithdrawalRefusal): ApiError {
  switch (refusal.kind) {
    case 'network_not_found':
    case 'currency_not_found':
    case 'not_enabled':
    case 'invalid_address':
    case 'below_minimum':
    case 'reference_reused':
    case 'still_in_progress':
    case 'broadcast_failed':
    case 'withdrawal_not_found':
    case 'too_late_to_cancel':
      return ApiError.of(refusal.kind);
    case 'overloaded':
      return ApiError.of('overloaded', { 'retry-after': RETRY_AFTER_OVERLOAD_SECONDS });
    // The contract names one reason why funds cannot be reserved; a frozen account is answered as not enabled.
    case 'hold_refused':
      return ApiError.of(
        refusal.reason === 'account_frozen' ? 'not_enabled' : 'insufficient_funds',
      );
    case 'cancel_refused':
      return ApiError.notCancelled(refusal.message);
    case 'venue_not_available':
      return ApiError.invalid([
        `venue: ${refusal.venue} does not pay this currency on this network`,
      ]);
    case 'destination_not_supported':
      return ApiError.invalid([
        'destination: No venue of this route can pay a destination of this type',
      ]);
    case 'outside_venue_limits':
      return ApiError.invalid(['amount: No venue of this route pays such an amount']);
    case 'no_venue_open':
      return ApiError.invalid(['venue: No venue of this route takes withdrawals now']);
    case 'too_many_decimals':
      return ApiError.invalid([
        `amount: Decimal input should have no more than ${refusal.decimals} decimal places`,
      ]);
    default:
      return unreachable(refusal);
  }
}
