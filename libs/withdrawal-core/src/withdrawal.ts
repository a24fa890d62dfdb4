import type { ReasonCode } from './reason-codes.js';
import type { Amount, Asset, Destination } from '@sluice/kernel';
import type { State } from './withdrawal-states.js';

/** Customer's order with the fee; immutable after acceptance. */
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
  /** Amount the recipient receives. */
  readonly amount: Amount;
  /** Ours, on top of the amount. */
  readonly fee: Amount;
  /** Venue first chosen for the withdrawal. */
  readonly venue: string;
  /** The customer named the venue: the withdrawal never fails over. */
  readonly pinned: boolean;
  /**
   * Time limit for the first venue to begin, in milliseconds from the placed hold; null = no limit.
   */
  readonly submitWithinMs: number | null;
}

/** Recorded order. The record sets the request time. */
export interface Order extends PricedOrder {
  readonly requestedAt: Date;
}

/**
 * Customer's request to stop a withdrawal. The request alone changes no state: only a proof of
 * non-payment does.
 */
export interface CancelRequest {
  readonly requestedAt: Date;
  /** API key used for the request. */
  readonly requestedBy: string;
  /** Reason of the refusal, in the venue's words; null while no refusal exists. */
  readonly refusal: string | null;
}

/** Rule of the spending policy that refused the hold, as reported by the ledger. */
export interface PolicyRefusal {
  /** Name of the rule. */
  readonly rule: string;
  /** Amount or count that a limit still allows, in `unit`; null for a rule without a limit. */
  readonly remaining: string | null;
  /** Asset, `EUR` or `payments`; null for a rule without a limit. */
  readonly unit: string | null;
  /**
   * Time at which the limit allows the amount, without further payments, as text of ISO 8601; null:
   * never.
   */
  readonly freesAt: string | null;
}

/** Current state of a withdrawal. */
export interface Withdrawal {
  readonly order: Order;
  readonly state: State;
  /** Current venue: no other venue may pay the withdrawal. */
  readonly venue: string;
  /** Former venues, each with proof of non-payment. */
  readonly tried: readonly string[];
  /** Number of steps, counted from 1. */
  readonly sequence: number;
  readonly venueReference: string | null;
  readonly txHash: string | null;
  /** Reason of the failure, as shown to the customer. */
  readonly reasonCode: ReasonCode | null;
  /** Refusing rule of the spending policy; null for every other reason. */
  readonly policyRefusal: PolicyRefusal | null;
  /**
   * Expected time of submission under the venue's rate plan; null if submitted immediately or
   * already submitted.
   */
  readonly expectedAt: Date | null;
  /** Fee charged by the venue, to be booked by the ledger; null while no fee is known. */
  readonly venueFee: Amount | null;
  /** The ledger has booked the venue's fee. */
  readonly venueFeeRecorded: boolean;
  readonly broadcastAt: Date | null;
  readonly confirmedAt: Date | null;
  /**
   * Number of confirmations including the transaction's own block: current while on the chain,
   * afterwards the number at finality. Null if the venue does not report confirmations.
   */
  readonly confirmations: number | null;
  /** Block number as decimal text; null if the venue does not report the block. */
  readonly blockNumber: string | null;
  /** Amount of the payment that came back to the venue; null while none is known. */
  readonly returnedAmount: Amount | null;
  /** Time of the credit for this amount. */
  readonly returnedAt: Date | null;
  readonly cancel: CancelRequest | null;
}

/**
 * First step of every withdrawal: the order is recorded and the hold is requested. No funds are
 * reserved yet.
 */
export function openWithdrawal(order: Order): Withdrawal {
  return {
    order,
    state: 'requested',
    venue: order.venue,
    tried: [],
    sequence: 1,
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

/** Sum of amount and fee: the amount reserved by a hold. */
export function totalOf(order: Pick<PricedOrder, 'amount' | 'fee'>): Amount {
  return order.amount.plus(order.fee);
}
