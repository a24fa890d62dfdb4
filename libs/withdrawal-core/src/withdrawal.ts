import type { ReasonCode } from './reason-codes.js';
import type { Destination } from '@sluice/destination';
import type { Amount, Asset } from '@sluice/money';
import type { State } from './withdrawal-states.js';

/** What a customer asked for, priced; never changes after it was taken. */
export interface PricedOrder {
  /** UUIDv7: the key on every topic. */
  readonly id: string;
  readonly accountId: string;
  readonly keyId: string;
  readonly clientReference: string | null;
  /** Within what the reference is good once: the id of the key, or of the account. */
  readonly referenceScope: string;
  readonly asset: Asset;
  readonly destination: Destination;
  /** What the recipient gets. */
  readonly amount: Amount;
  /** Ours, on top of the amount. */
  readonly fee: Amount;
  /** The venue it was first given to. */
  readonly venue: string;
  /** The customer named the venue: it is never given to another. */
  readonly pinned: boolean;
  /** How long that first venue has to begin, in milliseconds from the placed hold; null = as long as it takes. */
  readonly submitWithinMs: number | null;
}

/** A priced order on record: it has a time, which only the record can give it. */
export interface Order extends PricedOrder {
  readonly requestedAt: Date;
}

/** A customer's request to stop a withdrawal. It moves nothing by itself: only a proof that nothing will be paid does. */
export interface CancelRequest {
  readonly requestedAt: Date;
  /** The API key that asked. */
  readonly requestedBy: string;
  /** Why it goes on all the same, in the venue's words; null while nobody has refused. */
  readonly refusal: string | null;
}

/** A withdrawal in the middle of its life. */
export interface Withdrawal {
  readonly order: Order;
  readonly state: State;
  /** The venue that has it now: the only one that may pay it. */
  readonly venue: string;
  /** Venues that had it before, each with proof that nothing moved there. */
  readonly tried: readonly string[];
  /** Steps so far, counted from 1. */
  readonly sequence: number;
  readonly venueReference: string | null;
  readonly txHash: string | null;
  /** Why it did not come about, as its customer reads it. */
  readonly reasonCode: ReasonCode | null;
  /** When the venue's rate plan is expected to let it go; null when it goes at once or is gone. */
  readonly expectedAt: Date | null;
  /** What the venue took for it, to be booked by the ledger; null while nothing is known of a fee. */
  readonly venueFee: Amount | null;
  /** The ledger has booked it. */
  readonly venueFeeRecorded: boolean;
  readonly broadcastAt: Date | null;
  readonly confirmedAt: Date | null;
  /** How many blocks it is in, its own among them: now while it is on the chain, and then when it counted as final; null where its venue does not say. */
  readonly confirmations: number | null;
  /** In which block it is, as decimal text; null where its venue does not say. */
  readonly blockNumber: string | null;
  readonly cancel: CancelRequest | null;
}

/** Amount and fee: what a hold reserves. */
export function totalOf(order: Pick<PricedOrder, 'amount' | 'fee'>): Amount {
  return order.amount.plus(order.fee);
}
