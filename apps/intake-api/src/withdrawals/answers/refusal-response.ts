import type { ApiError } from '@sluice/http-api';
import { type Result, unreachable } from '@sluice/kernel';
import type { PolicyRefusal, ReasonCode, RequestRefusal } from '@sluice/withdrawal-core';
import { PublicError } from '../../http/public-error.js';

const RETRY_AFTER_OVERLOAD_SECONDS = '1';
const RETRY_AFTER_HALT_SECONDS = '60';

export function valueOrRefusal<T>(result: Result<T, WithdrawalRefusal>): T {
  if (!result.ok) throw refusalResponse(result.refusal);
  return result.value;
}

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
 * The contract has one reason for all unavailable funds, and reports a frozen account as not
 * enabled.
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

/** `reason` is the ledger's, as in `ledger.hold-refused.v1`. */
export interface HoldRefused {
  readonly kind: 'hold_refused';
  readonly reason: string | null;
  /** Refusing rule of the spending policy, if the policy has refused the hold. */
  readonly policyRefusal?: PolicyRefusal | null;
}

/** Refusals of a withdrawal or cancel request, mapped to the API by `refusal-response.ts`. */
export type WithdrawalRefusal =
  | RequestRefusal
  /** The limit of waiting requests in this process is reached; no withdrawal was recorded. */
  | { readonly kind: 'overloaded' }
  /** Refused until a person lifts the halt; no withdrawal was recorded. */
  | { readonly kind: 'halted' | 'key_halted' }
  | { readonly kind: 'reference_reused' }
  /** Used signatures may be lost in a restore; without a client reference nothing was recorded. */
  | { readonly kind: 'reference_required_now' }
  /** The chain refuses the transfer of our own wallet, the only venue; nothing was recorded. */
  | { readonly kind: 'transfer_refused' }
  | HoldRefused
  /** The withdrawal may be recorded; the client repeats the request with the same reference. */
  | { readonly kind: 'still_in_progress' }
  /** The venue refused permanently within the client's waiting time. */
  | {
      readonly kind: 'broadcast_failed';
      readonly number: string;
      readonly reason: ReasonCode | null;
    }
  | { readonly kind: 'withdrawal_not_found' }
  | { readonly kind: 'too_late_to_cancel' }
  /** The withdrawal continues; `message` is the reason. */
  | { readonly kind: 'cancel_refused'; readonly message: string };
