import {
  WITHDRAWAL_FIELDS,
  type FirstAnswer,
  type LaterAnswer,
  type RequestedWithdrawal,
} from './api-types.js';

/** A withdrawal request. Field names are the names of the API; `null` equals an absent field. */
export interface WithdrawalOrder extends RequestedWithdrawal {
  /**
   * Your reference, 1 to 128 visible characters without blanks at the ends: all requests with the same reference are a single payment.
   * Store the reference before the first call, and never use the reference for another payment.
   */
  readonly client_reference: string;
}

/**
 * A withdrawal, normalized from all response forms of the API: a field that a response lacks is
 * null. Amounts are decimal text; compare amounts as decimals. Times are ISO 8601. The status is
 * reliable for decisions, because the status never moves backwards: the last three are final.
 */
export type Withdrawal = {
  readonly [Name in keyof Required<LaterAnswer>]: Name extends AlwaysAnswered
    ? Required<LaterAnswer>[Name]
    : Required<LaterAnswer>[Name] | null;
};
type AlwaysAnswered = keyof FirstAnswer | 'id' | 'amount' | 'fee';

/** Progress of a payment on its network. */
export type Confirmation = Pick<
  Withdrawal,
  'tx_hash' | 'confirmed_at' | 'confirmations' | 'block_number'
>;

const WITHOUT_VALUES = Object.fromEntries(WITHDRAWAL_FIELDS.map((name) => [name, null]));

/**
 * Normalizes both response forms of the API. `reference` is the requested reference, absent in a
 * first response.
 */
export function withdrawalOf(data: unknown, reference: string | null = null): Withdrawal {
  const answer = data as Withdrawal | FirstAnswer;
  const rest = { ...WITHOUT_VALUES, client_reference: reference };
  if (!('withdrawal_id' in answer)) return { ...rest, ...answer };
  const { withdrawal_id, amount_decimal, fee_decimal, ...same } = answer;
  const renamed = { id: withdrawal_id, amount: amount_decimal, fee: fee_decimal };
  return { ...rest, ...same, ...renamed } as Withdrawal;
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
