import { unreachable, type Result } from '@sluice/kernel';
import type { ApiError } from '@sluice/http-api';
import { PublicError } from '../../http/public-error.js';
import type { HoldRefused, WithdrawalRefusal } from './withdrawal-refusal.js';

const RETRY_AFTER_OVERLOAD_SECONDS = '1';
const RETRY_AFTER_HALT_SECONDS = '60';

/** Returns the value, or throws the refusal in the form of the public API. */
export function valueOrRefusal<T>(result: Result<T, WithdrawalRefusal>): T {
  if (!result.ok) throw refusalResponse(result.refusal);
  return result.value;
}

/** Maps a refusal to the contract's status and message. */
function refusalResponse(refusal: WithdrawalRefusal): ApiError {
  switch (refusal.kind) {
    case 'network_not_found':
    case 'currency_not_found':
    case 'not_enabled':
    case 'invalid_address':
    case 'lost_address':
    case 'own_address':
    case 'below_minimum':
    case 'no_hot_wallet':
    case 'key_halted':
    case 'reference_reused':
    case 'still_in_progress':
    case 'withdrawal_not_found':
    case 'too_late_to_cancel':
      return PublicError.of(refusal.kind);
    case 'halted':
      return PublicError.of('halted', { 'retry-after': RETRY_AFTER_HALT_SECONDS });
    case 'transfer_refused':
      return PublicError.of('broadcast_failed');
    case 'broadcast_failed':
      return PublicError.failed(refusal);
    case 'reference_required':
      return PublicError.invalid(['client_reference: This account requires one']);
    case 'reference_required_now':
      return PublicError.invalid([
        'client_reference: Required for ten minutes after a restore of the database',
      ]);
    case 'overloaded':
      return PublicError.of('overloaded', { 'retry-after': RETRY_AFTER_OVERLOAD_SECONDS });
    case 'hold_refused':
      return errorOfHold(refusal);
    case 'cancel_refused':
      return PublicError.notCancelled(refusal.message);
    case 'venue_not_available':
      return PublicError.invalid([
        `venue: ${refusal.venue} does not pay this currency on this network`,
      ]);
    case 'destination_not_supported':
      return PublicError.invalid([
        'destination: No venue of this route can pay a destination of this type',
      ]);
    case 'not_payable':
      return PublicError.invalid([`destination.${refusal.fault}`]);
    case 'outside_venue_limits':
      return PublicError.invalid(['amount: No venue of this route pays such an amount']);
    case 'no_venue_open':
      return PublicError.invalid(['venue: No venue of this route takes withdrawals now']);
    case 'too_many_decimals':
      return PublicError.invalid([
        `amount: Decimal input should have no more than ${refusal.decimals} decimal places`,
      ]);
    default:
      return unreachable(refusal);
  }
}

/**
 * The contract has a single reason for funds not available to reserve; a frozen account is reported
 * as not enabled.
 */
function errorOfHold({ reason, policyRefusal }: HoldRefused): PublicError {
  switch (reason) {
    case 'account_not_enabled':
      return PublicError.of('not_enabled');
    case 'order_not_signed':
      return PublicError.of(reason);
    case 'policy_denied':
    case 'limit_exceeded':
      return PublicError.byPolicy(reason, policyRefusal ?? null);
    default:
      return PublicError.of('insufficient_funds');
  }
}
