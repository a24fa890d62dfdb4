import type { Amount, Asset, Destination } from '@sluice/kernel';
import { publishedAs, type State } from './withdrawal-states.js';

export interface PricedOrder {
  /** UUIDv7: the key on every topic. */
  readonly id: string;
  readonly accountId: string;
  readonly keyId: string;
  readonly clientReference: string | null;
  /** Scope of unique client references: the key id or the account id. */
  readonly referenceScope: string;
  readonly asset: Asset;
  /** In canonical form. */
  readonly destination: Destination;
  /** The customer's own spelling of the address, for answers only; absent: the canonical one. */
  readonly givenAddress?: string;
  readonly amount: Amount;
  readonly fee: Amount;
  readonly venue: string;
  /** The customer named the venue: the withdrawal never fails over. */
  readonly pinned: boolean;
  /** Limit for the first venue to begin, in ms from the placed hold; null: none. */
  readonly submitWithinMs: number | null;
}

/** Recorded order. The record sets the request time. */
export interface Order extends PricedOrder {
  readonly requestedAt: Date;
}

/** Customer's request to stop. Only a proof of non-payment changes the state. */
export interface CancelRequest {
  readonly requestedAt: Date;
  /** API key used for the request. */
  readonly requestedBy: string;
  /** Reason of the refusal, in the venue's words; null while no refusal exists. */
  readonly refusal: string | null;
}

/** Rule of the spending policy that refused the hold, as reported by the ledger. */
export interface PolicyRefusal {
  readonly rule: string;
  /** Amount or count that a limit still allows, in `unit`; null for a rule without a limit. */
  readonly remaining: string | null;
  /** Asset, `EUR` or `payments`; null for a rule without a limit. */
  readonly unit: string | null;
  /** Time at which the limit allows the amount, ISO 8601; null: never. */
  readonly freesAt: string | null;
}

export interface Withdrawal {
  readonly order: Order;
  readonly state: State;
  /** Current venue: no other venue may pay the withdrawal. */
  readonly venue: string;
  /** Former venues, each with proof of non-payment. */
  readonly tried: readonly string[];
  /** Number of steps, with the request. */
  readonly sequence: number;
  /** Number of public events. */
  readonly published: number;
  readonly venueReference: string | null;
  readonly txHash: string | null;
  /** Reason of the failure, as shown to the customer. */
  readonly reasonCode: ReasonCode | null;
  /** Refusing rule of the spending policy; null for every other reason. */
  readonly policyRefusal: PolicyRefusal | null;
  /** Expected submission under the rate plan; null if immediate or done. */
  readonly expectedAt: Date | null;
  /** Fee charged by the venue, to be booked by the ledger; null while no fee is known. */
  readonly venueFee: Amount | null;
  /** The ledger has booked the venue's fee. */
  readonly venueFeeRecorded: boolean;
  readonly broadcastAt: Date | null;
  readonly confirmedAt: Date | null;
  /** Confirmations including the own block; final at the end. Null if not reported. */
  readonly confirmations: number | null;
  /** Block number as decimal text; null if the venue does not report the block. */
  readonly blockNumber: string | null;
  /** Amount of the payment that came back to the venue; null while none is known. */
  readonly returnedAmount: Amount | null;
  /** Time of the credit for this amount. */
  readonly returnedAt: Date | null;
  readonly cancel: CancelRequest | null;
}

/** First step: the order is recorded and the hold requested. */
export function openWithdrawal(order: Order): Withdrawal {
  return {
    order,
    state: 'requested',
    venue: order.venue,
    tried: [],
    sequence: 1,
    published: 0,
    venueReference: null,
    txHash: null,
    reasonCode: null,
    policyRefusal: null,
    expectedAt: null,
    venueFee: null,
    venueFeeRecorded: false,
    broadcastAt: null,
    confirmedAt: null,
    confirmations: null,
    blockNumber: null,
    returnedAmount: null,
    returnedAt: null,
    cancel: null,
  };
}

/** The withdrawal in a state, with the step and its public event counted. */
export function movedTo(withdrawal: Withdrawal, state: State): Withdrawal {
  const { sequence, published } = withdrawal;
  const isPublished = publishedAs(withdrawal.state, state) !== null;
  return {
    ...withdrawal,
    state,
    sequence: sequence + 1,
    published: isPublished ? published + 1 : published,
  };
}

/** Sum of amount and fee: the amount reserved by a hold. */
export function totalOf(order: Pick<PricedOrder, 'amount' | 'fee'>): Amount {
  return order.amount.plus(order.fee);
}

/**
 * Public failure codes with a sentence for the customer. `broadcast_rejected` is of the contract; a
 * venue's words stay in the history.
 */
export const REASON_SENTENCES = {
  insufficient_funds: 'Insufficient available balance for this withdrawal',
  account_not_enabled: 'Withdrawals for this currency are not enabled for this account',
  order_not_signed: 'Withdrawals of this account have to be signed with one of its own keys',
  policy_denied: 'The spending policy of this account does not allow this withdrawal',
  limit_exceeded: 'This withdrawal exceeds a limit of the spending policy',
  approval_refused: 'The payment was not approved',
  approval_expired: 'The payment was not approved in time',
  held_before: 'It goes on as the withdrawal that this reference made before',
  broadcast_rejected: 'The payment was refused before it was broadcast',
  recipient_rejected: 'The venue does not pay this recipient',
  venue_rejected: 'The venue did not make this payment',
  expired: 'No venue began it in time',
  declared_absent: 'It was not paid',
  cancelled: 'It was cancelled',
} as const;

export type ReasonCode = keyof typeof REASON_SENTENCES;

/**
 * Public code per reason. Default: `broadcast_rejected` before an acceptance, else
 * `venue_rejected`. A freeze has no code: a customer must not learn of an investigation.
 */
const CODE_OF: ReadonlyMap<string, ReasonCode> = new Map([
  ['account_frozen', 'account_not_enabled'],
  ['invalid_address', 'recipient_rejected'],
  ['invalid_destination', 'recipient_rejected'],
  ['address_not_in_book', 'recipient_rejected'],
  ['address_not_usable_yet', 'recipient_rejected'],
  ['travel_rule', 'recipient_rejected'],
  ['refused_by_recipient', 'recipient_rejected'],
  ['proven_absent', 'declared_absent'],
  ['decided_absent', 'declared_absent'],
  ['absent', 'declared_absent'],
]);

/** Returns the public code of a refusal: the venue did not accept the payment. */
export function refusalCodeOf(reason: string): ReasonCode {
  return CODE_OF.get(reason) ?? codeNamed(reason) ?? 'broadcast_rejected';
}

/** Returns the public code of any other reason, or of a stored code. */
export function reasonCodeOf(reason: string): ReasonCode {
  return CODE_OF.get(reason) ?? codeNamed(reason) ?? 'venue_rejected';
}

function codeNamed(reason: string): ReasonCode | undefined {
  return (Object.keys(REASON_SENTENCES) as readonly ReasonCode[]).find((code) => code === reason);
}

/** Request to another service caused by a step or a cancel request; sent with the same commit. */
export type SagaCommand =
  /** A venue that has not begun by `notAfter` never will: fail-over or end. */
  | { kind: 'submit'; notAfter: Date | null }
  /**
   * The ledger assigns the hold to the next venue before the submit. `releaseIfRefused`: the ledger
   * may release it; absent while a venue may have paid.
   */
  | { kind: 'assign'; notAfter: Date | null; releaseIfRefused?: true }
  | { kind: 'cancel' }
  /** `venueFee`: the fee to book with the capture; null if none is known or left to book. */
  | { kind: 'capture'; venueFee: Amount | null }
  | { kind: 'release'; reason: string }
  /** Credit of a completed payment that came back. */
  | { kind: 'return'; amount: Amount }
  | { kind: 'record_venue_fee'; amount: Amount };

/** Release without a receipt. The ledger refuses it if a venue has one. */
export const RELEASE_CANCELLED: SagaCommand = { kind: 'release', reason: 'cancelled' };

/** The earlier time: no order begins after the end of the hold's receipt. */
export function earlier(at: Date, until: Date | null): Date {
  return until !== null && until < at ? until : at;
}

/** Describes the latest begin of a payment, for people. */
export function deadlineOf(command: SagaCommand): string | null {
  return (command.kind === 'submit' || command.kind === 'assign') && command.notAfter !== null
    ? `not after ${command.notAfter.toISOString()}`
    : null;
}
