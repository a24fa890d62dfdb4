import type { Amount } from '@sluice/kernel';

/** Request to another service caused by a step or a cancel request; sent with the same commit. */
export type SagaCommand =
  /**
   * A venue that has not begun by `notAfter` proves the payment will never begin. The withdrawal
   * fails over to the next venue or ends.
   */
  | { kind: 'submit'; notAfter: Date | null }
  /**
   * The ledger assigns the hold to the withdrawal's next venue, and the service then sends the
   * submit command to this venue. `releaseIfRefused`: the ledger may release the hold if its policy
   * refuses the venue; absent while another venue may have paid.
   */
  | { kind: 'assign'; notAfter: Date | null; releaseIfRefused?: true }
  | { kind: 'cancel' }
  /** `venueFee`: the fee to book with the capture; null if none is known or left to book. */
  | { kind: 'capture'; venueFee: Amount | null }
  | { kind: 'release'; reason: string }
  /** Credit of a completed payment that came back. */
  | { kind: 'return'; amount: Amount }
  | { kind: 'record_venue_fee'; amount: Amount };

/**
 * Release of a hold without a receipt for any venue. The ledger refuses the command if a venue has a
 * receipt.
 */
export const RELEASE_CANCELLED: SagaCommand = { kind: 'release', reason: 'cancelled' };
