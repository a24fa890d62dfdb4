/** Only the last three are final. */
export type WithdrawalStatus = 'pending' | 'broadcasted' | 'confirmed' | 'failed' | 'cancelled';

/** Who is paid; see docs/api.md, "Other destinations". */
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

/** What is asked for. Names are those of the API. */
export interface WithdrawalOrder {
  readonly currency: string;
  readonly network: string;
  /** What the recipient gets: digits with an optional fraction, as text. */
  readonly amount: string;
  /**
   * Yours, 1 to 128 characters; makes all requests of one payment one payment. Store it before the first call, and use it for nothing
   * else.
   */
  readonly client_reference: string;
  readonly to_address?: string;
  /** In place of `to_address`. */
  readonly destination?: Destination;
  /** Pins the venue, for good. */
  readonly venue?: string;
}

/** What became of a wish to cancel. */
export interface CancelWish {
  readonly status: 'requested' | 'refused' | 'done';
  readonly message: string | null;
  readonly requested_at: string | null;
}

/** One withdrawal, in whichever shape the API has answered. Amounts are decimal text; compare them as decimals. Times are ISO 8601. */
export interface Withdrawal {
  readonly id: number;
  /** Build on this; it never goes back. */
  readonly status: WithdrawalStatus;
  /** What is waited for; new ones may appear. */
  readonly stage: string;
  readonly currency: string;
  readonly network: string;
  readonly to_address: string;
  readonly amount: string;
  /** Comes on top of the amount. */
  readonly fee: string;
  readonly client_reference: string | null;
  readonly venue: string;
  readonly tx_hash: string | null;
  readonly error_message: string | null;
  /** Why it failed, as a stable code. */
  readonly error_code: string | null;
  /** Null in the answer to a first request, which has no times yet. */
  readonly requested_at: string | null;
  readonly broadcast_at: string | null;
  readonly confirmed_at: string | null;
  /** Blocks that had followed when it counted as final; null before, and where a venue counts them. */
  readonly confirmations: number | null;
  /** Null until it is final, and where a venue does not say it. */
  readonly block_number: number | null;
  /** While it waits for its turn at a venue. */
  readonly expected_at: string | null;
  readonly destination: Destination | null;
  readonly cancel: CancelWish | null;
}

/** The first answer to a POST; any later one, and GET, has the names of `Withdrawal`. */
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
  destination: null,
  cancel: null,
};

/** Both shapes of the API as one. `reference`: the one that was asked with, which a first answer does not have. */
export function withdrawalOf(data: unknown, reference: string | null = null): Withdrawal {
  const answer = data as Withdrawal | (Omit<Withdrawal, 'id' | 'amount' | 'fee'> & FirstAnswer);
  const rest = { ...NOT_IN_EVERY_ANSWER, client_reference: reference };
  if (!('withdrawal_id' in answer)) return { ...rest, ...answer };
  const { withdrawal_id, amount_decimal, fee_decimal, ...same } = answer;
  return { ...rest, ...same, id: withdrawal_id, amount: amount_decimal, fee: fee_decimal };
}

/** Whether this is a withdrawal, in one of the two shapes: its id and its status are what every use of it needs. */
export function isWithdrawal(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { id, withdrawal_id = id, status } = data as Record<string, unknown>;
  return typeof withdrawal_id === 'number' && typeof status === 'string';
}

/** Whether nothing more will happen to it. */
export function isFinal({ status }: Pick<Withdrawal, 'status'>): boolean {
  return status !== 'pending' && status !== 'broadcasted';
}

/** What can be waited for: that it is on its way on the chain, or has ended. */
export type Milestone = 'broadcasted' | 'confirmed';

/** Whether it has come as far as that; further, or to another end, is far enough. */
export function hasReached(withdrawal: Pick<Withdrawal, 'status'>, milestone: Milestone): boolean {
  return isFinal(withdrawal) || withdrawal.status === milestone;
}
