import type { Amount, Asset, Destination } from '@sluice/kernel';
import type { VenueCapabilities } from './capabilities.js';

/** Port to a venue. Every call makes at most one network attempt per page; the engine retries. */
export interface VenueAdapter {
  readonly capabilities: VenueCapabilities;
  /** Fixes the exact bytes of the request, before the intent is stored. May read (fees); changes nothing at the venue. */
  prepare(order: WithdrawalOrder): Promise<Preparation>;
  /** Sends the stored bytes once, freshly signed. */
  submit(request: PreparedRequest): Promise<SubmitOutcome>;
  /** Queries a payment by our own key; only for forms with searchable records. */
  lookup(wanted: SearchKey): Promise<LookupOutcome>;
  /** Reads a page of the venue's records. */
  list(window: ListingWindow): Promise<Listing>;
  /** Why records may be missing from `list`, or null. Absent for venues with their own record. */
  unread?(): Promise<string | null>;
  /** Why an accepted payment does not end, or null. Absent for venues with their own record. */
  heldBy?(venueReference: string): Promise<string | null>;
  /** Reads our balances. Missing if the venue keeps no common account for all our payments. */
  balances?(): Promise<VenueBalances>;
  /** Reads debits besides payments, e.g. a chain's gas. Missing if there are none. */
  besides?(spans: readonly SpendingSpan[]): Promise<readonly OtherSpending[]>;
  /** Cancels a withdrawal. Missing if the venue cannot cancel; never a stub with a throw. */
  cancel?(venueReference: string): Promise<VenueCancelOutcome>;
}

export interface WithdrawalOrder {
  readonly withdrawalId: string;
  readonly form: string;
  readonly asset: Asset;
  /** Amount for the recipient. */
  readonly amount: Amount;
  readonly destination: Destination;
  readonly clientReference: string;
  /** Remaining signed fields: account, our own fee beside the amount, and the digest of all terms. */
  readonly accountId: string;
  readonly fee: Amount;
  readonly digest: string;
  /** The ledger's word for the signer of our own wallet; null at every other venue. */
  readonly signerReceipt: string | null;
}

export interface PreparedRequest {
  readonly form: string;
  readonly body: string;
  /** Amount requested from the venue, debited from our account. */
  readonly gross: Amount;
  /** Inputs of the amount's computation, e.g. the chain fee and the time of reading. */
  readonly evidence: Readonly<Record<string, string>>;
}

export type Preparation =
  | { kind: 'ready'; request: PreparedRequest }
  | { kind: 'refused'; reason: string; message: string } // this venue can never pay the order
  | { kind: 'not_ready'; retryAfterMs: number; cause: string }; // e.g. the fees cannot be read now

/** Venue's response, for the record: without headers and secrets, the body truncated. */
export interface AnswerEvidence {
  readonly status: number | null;
  readonly body: string;
}

/**
 * `validation`: documented as a check before execution. `ambiguous`: proves no more than a lost
 * answer.
 */
export type RefusalBasis = 'validation' | 'ambiguous';

export type SubmitOutcome =
  /** `txHash`: set if already known. */
  | { kind: 'accepted'; venueReference: string; txHash?: string; evidence: AnswerEvidence }
  /**
   * The venue refuses. `alarm`: more than this withdrawal is concerned, a person must check.
   * `closes`: the venue takes no withdrawals of this asset now.
   */
  | {
      kind: 'refused';
      basis: RefusalBasis;
      reason: string;
      venueCode: string | null;
      message: string;
      alarm?: string;
      closes?: 'asset';
      evidence: AnswerEvidence;
    }
  | {
      kind: 'not_sent';
      retryAfterMs: number;
      cause: string;
      throttle?: Throttle;
      evidence: AnswerEvidence;
    } // proof of no payment
  // any other response; `isForeign`: another party answered, such as a CDN or gateway
  | { kind: 'unknown'; cause: string; isForeign?: true; evidence: AnswerEvidence };

/** Reason of a refusal with a code that no table of ours lists: ambiguous at every venue. */
export const UNLISTED_CODE = 'unlisted_code';

/**
 * Effect on later requests. `pause`: unreachable. `slow_down`: rate limit. `halt`: a person must
 * act first.
 */
export type Throttle = 'pause' | 'slow_down' | 'halt';

export interface VenueSpan {
  readonly from: Date;
  readonly to: Date;
}

/** Search for a payment, from well before the first request to the venue's present time. */
export interface SearchKey extends VenueSpan {
  readonly form: string;
  readonly clientReference: string;
}

export type LookupOutcome =
  | { kind: 'found'; records: readonly ListedWithdrawal[]; unreadable?: readonly UnreadableRow[] }
  /**
   * `covered`: span really queried; empty while an unreadable row may be the payment. No proof of
   * absence.
   */
  | { kind: 'not_found'; covered: VenueSpan; unreadable?: readonly UnreadableRow[] }
  | { kind: 'unavailable'; retryAfterMs: number; cause: string };

export interface ListingWindow extends VenueSpan {
  readonly form: string;
  readonly offset: number;
  /** Value of `next` from the previous page, for cursor paging; missing on the first page. */
  readonly cursor?: string;
  /** Destinations (`destinationKey`) searched for: for record listings per customer. */
  readonly destinations?: readonly string[];
  readonly venueReference?: string;
}

export type Listing =
  /**
   * `covered`: span really queried, valid with the last page. `unreadable`: rows beside the
   * records, in whose window silence proves nothing.
   */
  | {
      kind: 'page';
      records: readonly ListedWithdrawal[];
      unreadable?: readonly UnreadableRow[];
      last: boolean;
      next?: string;
      covered: VenueSpan;
    }
  | { kind: 'unavailable'; retryAfterMs: number; cause: string };

/** Row of the venue's records without readable id or time: no record, and no proof of any kind. */
export interface UnreadableRow {
  /** Venue's name of the unreadable field; `row` if the row is no object. */
  readonly field: string;
  /** Raw value as JSON, cut. */
  readonly value: string;
  /** Everything readable; null if the row is no object. */
  readonly draft: DraftRecord | null;
}

/** A record as read from a row: the id is empty and the time null where the row has none. */
export type DraftRecord = Omit<ListedWithdrawal, 'createdAt'> & { readonly createdAt: Date | null };

export interface ListedWithdrawal {
  /** Set if the id or the time of the row cannot be read: the record proves a payment of no order. */
  readonly isDraft?: true;
  readonly form: string;
  readonly venueReference: string;
  readonly clientReference: string | null;
  /** Our currency name; `?<name>` for text that names no coin (`isUnknownName`). */
  readonly currency: string;
  /** Our network name; null where the form has none, `?<name>` for a chain we do not know. */
  readonly network: string | null;
  /** Destination as of `destinationKey`; null if not reported, and equal to no order's. */
  readonly destination: string | null;
  /** Debited amount; null if not reported, and equal to no order's. Amounts are `recordedAmount`s. */
  readonly gross: Amount | null;
  /** Amount received by the recipient; null while not reported by the venue. */
  readonly net: Amount | null;
  readonly venueFee: Amount | null;
  /** Time by the venue's clock. */
  readonly createdAt: Date;
  readonly txHash: string | null;
  /** Block of a payment on a followed chain, as a whole number. */
  readonly blockNumber?: string;
  readonly confirmations?: number;
  readonly status: VenueStatus;
  readonly venueStatus: string;
}

export type VenueStatus =
  | { kind: 'pending'; alert?: string }
  | { kind: 'broadcast'; alert?: string } // left the venue, not final
  // `isOtherwise`: proven to differ from the order. `faultOf`: the asset's contract is the cause.
  | { kind: 'settled'; isOtherwise?: true; faultOf?: 'asset' }
  // final, funds are back. `isProven`: a chain proves that the transaction moved nothing
  | { kind: 'failed'; reason: string; message: string; cancelled: boolean; isProven?: true };

export type VenueBalances =
  { kind: 'balances'; balances: readonly VenueBalance[] } | { kind: 'unavailable'; cause: string };

/** Our total of a currency, amounts locked by the venue included. */
export interface VenueBalance {
  /** An asset where the venue's capabilities say `balancesOf: 'asset'`. */
  readonly currency: string;
  /** A `recordedAmount`. */
  readonly total: Amount;
}

/** Span by our database's clock; excludes `from`, includes `to`. */
export interface SpendingSpan {
  readonly currency: string;
  readonly from: Date;
  readonly to: Date;
}

export interface OtherSpending {
  readonly currency: string;
  /** Amount certainly debited within the span. */
  readonly gone: Amount;
  /** Most possibly debited after the span, or still to be debited by unfinished work. */
  readonly underWay: Amount;
}

export type VenueCancelOutcome =
  | { kind: 'requested' } // cancellation requested; the final record shows the result
  | { kind: 'refused'; message: string }
  | { kind: 'unknown'; retryAfterMs: number; cause: string };
