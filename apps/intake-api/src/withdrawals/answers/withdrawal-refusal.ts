import { type PolicyRefusal, type ReasonCode, type RequestRefusal } from '@sluice/withdrawal-core';

/** `reason` is the ledger's, as in `ledger.hold-refused.v1`. */
export interface HoldRefused {
  readonly kind: 'hold_refused';
  readonly reason: string | null;
  /** Refusing rule of the spending policy, if the policy has refused the hold. */
  readonly policyRefusal?: PolicyRefusal | null;
}

/**
 * Refusals of a withdrawal request or a cancel request. `refusal-response.ts` maps each refusal to
 * the public API.
 */
export type WithdrawalRefusal =
  | RequestRefusal
  /** The limit of waiting requests in this process is reached; no withdrawal was recorded. */
  | { readonly kind: 'overloaded' }
  /** Refused until a person lifts the halt; no withdrawal was recorded. */
  | { readonly kind: 'halted' | 'key_halted' }
  | { readonly kind: 'reference_reused' }
  /**
   * The database may have lost used signatures in a restore, and the request has no client
   * reference; no withdrawal was recorded.
   */
  | { readonly kind: 'reference_required_now' }
  /**
   * Only our own wallet could pay the withdrawal, and the chain refuses the transfer; no withdrawal
   * was recorded.
   */
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
