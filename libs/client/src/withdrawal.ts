/** Only the last three are final. */
export type WithdrawalStatus = 'pending' | 'broadcasted' | 'confirmed' | 'failed' | 'cancelled';

/** Recipient of a withdrawal; see docs/api.md, "Other destinations". */
export type Destination =
  | { readonly type: 'address'; readonly address: string; readonly memo?: string }
  | {
      readonly type: 'venue_account';
      readonly kind: string;
      readonly value: string;
      readonly area_code?: string;
    }
  | {
      readonly type: 'reference_account';
      readonly user_id: string;
      readonly account_group_id: string;
      readonly reference_account_id: string;
      readonly remittance_information?: string;
      readonly purpose_code?: string;
    };

/** A withdrawal request. Field names are the names of the API. */
export interface WithdrawalOrder {
  readonly currency: string;
  readonly network: string;
  /** Amount for the recipient: digits with an optional fraction, as text. */
  readonly amount: string;
  /**
   * Your reference, 1 to 128 visible characters without blanks at the ends: all requests with the same reference are a single payment.
   * Store the reference before the first call, and never use the reference for another payment.
   */
  readonly client_reference: string;
  /** `null` equals an absent field, here and in the fields below. */
  readonly to_address?: string | null;
  /** In place of `to_address`. */
  readonly destination?: Destination | null;
  /** Pins the venue, for good. */
  readonly venue?: string | null;
}

/** State of a cancellation request. */
export interface CancelWish {
  readonly status: 'requested' | 'refused' | 'done';
  readonly message: string | null;
  readonly requested_at: string | null;
}

/** Progress of a payment on its network. */
export interface Confirmation {
  readonly tx_hash: string | null;
  readonly confirmed_at: string | null;
  /**
   * Number of following blocks when the payment counted as final. Null before, and if a venue
   * counts the blocks.
   */
  readonly confirmations: number | null;
  /** Block of the payment. Null until final, and if a venue does not report the block. */
  readonly block_number: number | null;
}

/**
 * A withdrawal, normalized from all response forms of the API. Amounts are decimal text; compare
 * amounts as decimals. Times are ISO 8601.
 */
export interface Withdrawal extends Confirmation {
  readonly id: number;
  /** Reliable for decisions: the status never moves backwards. */
  readonly status: WithdrawalStatus;
  /** Present reason for waiting; new values may appear. */
  readonly stage: string;
  readonly currency: string;
  readonly network: string;
  readonly to_address: string;
  readonly amount: string;
  /** Comes on top of the amount. */
  readonly fee: string;
  readonly client_reference: string | null;
  readonly venue: string;
  readonly error_message: string | null;
  /** Failure reason as a stable code. */
  readonly error_code: string | null;
  /** Null in the response to a first request, because the response has no times. */
  readonly requested_at: string | null;
  readonly broadcast_at: string | null;
  /** Expected start while the withdrawal waits for a turn at a venue. */
  readonly expected_at: string | null;
  /**
   * Amount of a confirmed payment that came back and was credited again, for example from the
   * recipient's bank; null without a return. Our fee stays charged.
   */
  readonly returned_amount: string | null;
  /** Time of this credit; null before. */
  readonly returned_at: string | null;
  readonly destination: Destination | null;
  readonly cancel: CancelWish | null;
}

/** The first response to a POST. Later responses and GET have the names of `Withdrawal`. */
interface FirstAnswer {
  readonly withdrawal_id: number;
  readonly amount_decimal: string;
  readonly fee_decimal: string;
}

const NOT_IN_EVERY_ANSWER = {
  tx_hash: null,
  error_message: null,
  error_code: null,
  requested_at: null,
  broadcast_at: null,
  confirmed_at: null,
  confirmations: null,
  block_number: null,
  expected_at: null,
  returned_amount: null,
  returned_at: null,
  destination: null,
  cancel: null,
};

/**
 * Normalizes both response forms of the API. `reference` is the requested reference, absent in a
 * first response.
 */
export function withdrawalOf(data: unknown, reference: string | null = null): Withdrawal {
  const answer = data as Withdrawal | (Omit<Withdrawal, 'id' | 'amount' | 'fee'> & FirstAnswer);
  const rest = { ...NOT_IN_EVERY_ANSWER, client_reference: reference };
  if (!('withdrawal_id' in answer)) return { ...rest, ...answer };
  const { withdrawal_id, amount_decimal, fee_decimal, ...same } = answer;
  return { ...rest, ...same, id: withdrawal_id, amount: amount_decimal, fee: fee_decimal };
}

/**
 * True for a withdrawal in either response form. Id and status are required, because every use
 * needs both.
 */
export function isWithdrawal(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { id, withdrawal_id = id, status } = data as Record<string, unknown>;
  return typeof withdrawal_id === 'number' && typeof status === 'string';
}

/** True if the status is final. */
export function isFinal({ status }: Pick<Withdrawal, 'status'>): boolean {
  return status !== 'pending' && status !== 'broadcasted';
}

/** Milestones to wait for: broadcast on the chain, or ended. */
export type Milestone = 'broadcasted' | 'confirmed';

/** True if the withdrawal has reached the milestone, or has ended in any state. */
export function hasReached(withdrawal: Pick<Withdrawal, 'status'>, milestone: Milestone): boolean {
  return isFinal(withdrawal) || withdrawal.status === milestone;
}
