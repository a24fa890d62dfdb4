import type { Destination } from '@sluice/destination';
import type { Amount, Asset } from '@sluice/money';
import type { VenueCapabilities } from './capabilities.js';

/** One venue as the connector engine sees it. Every call makes at most one network attempt per page; the engine owns retries. */
export interface VenueAdapter {
  readonly capabilities: VenueCapabilities;
  /** Fixes the exact bytes of the request, before the intent is stored. May read (fees); changes nothing at the venue. */
  prepare(order: WithdrawalOrder): Promise<Preparation>;
  /** Sends the stored bytes once, freshly signed. */
  submit(request: PreparedRequest): Promise<SubmitOutcome>;
  /** Asks for one payment by our own key; only forms whose records can be searched by it. */
  lookup(wanted: SearchKey): Promise<LookupOutcome>;
  /** One page of the venue's records: status polling and the search of many unknowns cost one request for many. */
  list(window: ListingWindow): Promise<Listing>;
  /**
   * Returns why payments may be missing from the records that `list` returns, or null. While it returns a reason, intake-api gets no answer that
   * the record is complete. Absent for venues that keep the record themselves.
   */
  unread?(): Promise<string | null>;
  /** What we have at the venue. Absent where it keeps no account of ours that all payments go from. */
  balances?(): Promise<Balances>;
  /** What leaves that account beside payments, by our own rows, such as a chain's gas. Absent where nothing does. */
  besides?(spans: readonly SpendingSpan[]): Promise<readonly OtherSpending[]>;
  /** Absent when the venue cannot; no stub that throws. */
  cancel?(venueReference: string): Promise<CancelOutcome>;
}

export interface WithdrawalOrder {
  readonly withdrawalId: string;
  readonly form: string;
  readonly asset: Asset;
  /** What the recipient gets. */
  readonly amount: Amount;
  readonly destination: Destination;
  readonly clientReference: string;
  /** The rest of the terms that are vouched for: whose it is, our own fee beside the amount, and the digest of them all. Null in orders of before. */
  readonly accountId: string;
  readonly fee: Amount | null;
  readonly digest: string | null;
  /** The ledger's word for the signer of our own wallet; null at every other venue. */
  readonly signerReceipt: string | null;
}

export interface PreparedRequest {
  readonly form: string;
  /** The body, byte for byte as it will be sent. */
  readonly body: string;
  /** What the request asks the venue to take from our account. */
  readonly gross: Amount;
  /** What the amount was computed from, e.g. the chain fee and when it was read. */
  readonly evidence: Readonly<Record<string, string>>;
}

export type Preparation =
  | { kind: 'ready'; request: PreparedRequest }
  | { kind: 'refused'; reason: string; message: string } // this venue can never do it
  | { kind: 'not_ready'; retryAfterMs: number; cause: string }; // e.g. its fees cannot be read now

/** What the venue answered, for the record: never headers, the body cut and without secrets. */
export interface AnswerEvidence {
  readonly status: number | null;
  readonly body: string;
}

/**
 * `validation`: a source of the venue describes the code as a check of the request, made before anything is executed · `ambiguous`: no
 * source does. An ambiguous refusal proves no more than a lost answer.
 */
export type RefusalBasis = 'validation' | 'ambiguous';

export type SubmitOutcome =
  /** `txHash`: where it is known at once. */
  | { kind: 'accepted'; venueReference: string; txHash?: string; evidence: AnswerEvidence }
  /** The venue answers that nothing will move; `basis` is how far that is believed. `alarm`: set where the refusal concerns more than this withdrawal, e.g. withdrawals of a currency are closed; a person must look. */
  | {
      kind: 'refused';
      basis: RefusalBasis;
      reason: string;
      venueCode: string | null;
      message: string;
      alarm?: string;
      evidence: AnswerEvidence;
    }
  | {
      kind: 'not_sent';
      retryAfterMs: number;
      cause: string;
      throttle?: Throttle;
      evidence: AnswerEvidence;
    } // proven that nothing moved
  | { kind: 'unknown'; cause: string; evidence: AnswerEvidence }; // everything else, and every answer that is not documented

/**
 * What a request that was not sent means for the requests after it. `pause`: the venue cannot be reached now · `slow_down`: it
 * answered with its rate limit · `halt`: no request can succeed until a person acts (key revoked, account locked).
 */
export type Throttle = 'pause' | 'slow_down' | 'halt';

/** A stretch of the venue's time, by the venue's own clock. */
export interface VenueSpan {
  readonly from: Date;
  readonly to: Date;
}

/** The span is wide and in the venue's time: it begins well before the first request for it left, and ends at the venue's now. */
export interface SearchKey extends VenueSpan {
  readonly form: string;
  readonly clientReference: string;
}

export type LookupOutcome =
  | { kind: 'found'; records: readonly ListedWithdrawal[] }
  /** `covered`: what the venue was really asked for, after its own limits. Does not prove absence: `resolveUnknown` decides that. */
  | { kind: 'not_found'; covered: VenueSpan }
  | { kind: 'unavailable'; retryAfterMs: number; cause: string };

export interface ListingWindow extends VenueSpan {
  readonly form: string;
  readonly offset: number;
  /** What the page before named as `next`, for venues that page by a cursor; absent on the first page. */
  readonly cursor?: string;
  /** Where the payments looked for went, as `destinationKey` writes it: for venues that list their records per customer. */
  readonly destinations?: readonly string[];
  /** Only this record, where the venue can filter by its own reference. */
  readonly venueReference?: string;
}

export type Listing =
  /** `covered`: what the venue was really asked for, after its own limits; it holds once the last page is read. */
  | {
      kind: 'page';
      records: readonly ListedWithdrawal[];
      last: boolean;
      next?: string;
      covered: VenueSpan;
    }
  | { kind: 'unavailable'; retryAfterMs: number; cause: string };

/** One record of the venue, in our terms. */
export interface ListedWithdrawal {
  readonly form: string;
  readonly venueReference: string;
  readonly clientReference: string | null;
  readonly currency: string;
  /** Our network name; null where the form has none, `?<name>` for a chain we do not know. */
  readonly network: string | null;
  /** As `destinationKey` writes it; null where the venue does not say, and then nothing is found again by it. */
  readonly destination: string | null;
  /** What left our account; null where the venue writes no amount, and then it fits nothing. Amounts are `recordedAmount`s. */
  readonly gross: Amount | null;
  /** What the recipient got; null while the venue does not say. */
  readonly net: Amount | null;
  readonly venueFee: Amount | null;
  /** By the venue's clock. */
  readonly createdAt: Date;
  readonly txHash: string | null;
  /** Of a payment on a chain that its adapter follows: its block, as a whole number, and how many have followed it. */
  readonly blockNumber?: string;
  readonly confirmations?: number;
  readonly status: VenueStatus;
  /** The status as the venue writes it. */
  readonly venueStatus: string;
}

export type VenueStatus =
  | { kind: 'pending'; alert?: string }
  | { kind: 'broadcast'; alert?: string } // left the venue, not final
  | { kind: 'settled'; faultOf?: 'asset' } // `asset`: what differs is the doing of the asset's contract, so only that asset is halted
  | { kind: 'failed'; reason: string; message: string; cancelled: boolean }; // final, funds are back

export type Balances =
  { kind: 'balances'; balances: readonly VenueBalance[] } | { kind: 'unavailable'; cause: string };

/** All that we have of a currency, whatever the venue has locked of it. */
export interface VenueBalance {
  /** An asset where the venue's capabilities say `balancesOf: 'asset'`. */
  readonly currency: string;
  /** A `recordedAmount`. */
  readonly total: Amount;
}

/** By our database's clock; `from` is not in it, `to` is. */
export interface SpendingSpan {
  readonly currency: string;
  readonly from: Date;
  readonly to: Date;
}

export interface OtherSpending {
  readonly currency: string;
  /** What has left for certain within the span. */
  readonly gone: Amount;
  /** The most that may have left since then, or may yet leave by what is begun. */
  readonly underWay: Amount;
}

export type CancelOutcome =
  | { kind: 'requested' } // whether it was cancelled, its record says when it is final
  | { kind: 'refused'; message: string }
  | { kind: 'unknown'; retryAfterMs: number; cause: string };
