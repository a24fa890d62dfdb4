import { type ReasonCode, type RequestRefusal } from '@sluice/withdrawal-core';

/** Why a request for a withdrawal, or to cancel one, is refused. `refusal-response.ts` says how the public API answers each. */
export type WithdrawalRefusal =
  | RequestRefusal
  /** More requests wait in this process than it can answer in time; nothing is on record. */
  | { readonly kind: 'overloaded' }
  /** Until a person has looked; nothing is on record. */
  | { readonly kind: 'halted' | 'key_halted' }
  | { readonly kind: 'reference_reused' }
  /** Our own wallet alone could pay it, and its chain refuses the transfer; nothing is on record. */
  | { readonly kind: 'transfer_refused' }
  /** `reason` is the ledger's, as in `ledger.hold-refused.v1`. */
  | { readonly kind: 'hold_refused'; readonly reason: string | null }
  /** It may be on record; the client asks again with the same reference. */
  | { readonly kind: 'still_in_progress' }
  /** The venue refused it for good within the time that the client waited. */
  | {
      readonly kind: 'broadcast_failed';
      readonly number: string;
      readonly reason: ReasonCode | null;
    }
  | { readonly kind: 'withdrawal_not_found' }
  | { readonly kind: 'too_late_to_cancel' }
  /** It goes on; `message` is why. */
  | { readonly kind: 'cancel_refused'; readonly message: string };
