import type { Amount } from '@sluice/money';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';

/** What the ledger knows of one withdrawal. A refusal is kept as well: the same request must never be answered otherwise later. */
export type Hold = PlacedHold | CapturedHold | ReleasedHold | ExpiredHold | RefusedHold;

/** A hold that has ended; nothing brings it back. */
export type ClosedHold = CapturedHold | ReleasedHold | ExpiredHold;

interface HoldTerms {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Payout plus fee. */
  readonly amount: Amount;
  readonly decidedAt: Instant;
  /** Of the order it is for; null for a hold that is for none. */
  readonly digest: string | null;
  /** Derived from the client's own reference; null for a hold without one, and for a refused hold. */
  readonly reference: string | null;
  /** The one venue that may pay it now; null for a hold that no venue pays. */
  readonly assignedTo: string | null;
}

interface Reserved extends HoldTerms {
  /** When a venue was about to be called for it; null until then, and for holds that never expire also after it. */
  readonly submissionStartedAt: Instant | null;
}

/** Funds are reserved; nothing has moved. */
export interface PlacedHold extends Reserved {
  readonly state: 'placed';
  /** When it ends by itself, as long as no submission has started. Null: it waits for proof, however long that takes. */
  readonly expiresAt: Instant | null;
}

/** Paid: `captured` + `fee` were debited by journal entry `entryId`, the rest of the amount was given back. */
export interface CapturedHold extends Reserved {
  readonly state: 'captured';
  readonly captured: Amount;
  readonly fee: Amount;
  readonly venue: string;
  readonly entryId: string;
  readonly closedAt: Instant;
}

/** Proven unpaid: the whole amount was given back. */
export interface ReleasedHold extends Reserved {
  readonly state: 'released';
  readonly reason: string;
  readonly closedAt: Instant;
}

/** Nobody began to pay before it was due: the whole amount was given back. */
export interface ExpiredHold extends Reserved {
  readonly state: 'expired';
  readonly closedAt: Instant;
}

/** Nothing was ever reserved. */
export interface RefusedHold extends HoldTerms {
  readonly state: 'refused';
  readonly refusal: HoldRefusal;
}

export type HoldRefusal =
  | { kind: 'amount_not_positive' }
  | { kind: 'account_not_found' }
  | { kind: 'account_frozen' }
  /** The account takes orders that its customer signed, and this one is none, or was taken before. */
  | { kind: 'order_not_signed' }
  | { kind: 'insufficient_funds'; available: Amount };
