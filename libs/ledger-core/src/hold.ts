import type { Amount } from '@sluice/money';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';

/** What the ledger knows of one withdrawal. A refusal is kept as well: the same request must never be answered otherwise later. */
export type Hold = PlacedHold | CapturedHold | ReleasedHold | RefusedHold;

interface HoldTerms {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Payout plus fee. */
  readonly amount: Amount;
  readonly decidedAt: Instant;
}

/** Funds are reserved; nothing has moved. */
export interface PlacedHold extends HoldTerms {
  readonly state: 'placed';
}

/** Paid: `captured` + `fee` were debited by journal entry `entryId`, the rest of the amount was given back. */
export interface CapturedHold extends HoldTerms {
  readonly state: 'captured';
  readonly captured: Amount;
  readonly fee: Amount;
  readonly venue: string;
  readonly entryId: string;
  readonly closedAt: Instant;
}

/** Proven unpaid: the whole amount was given back. */
export interface ReleasedHold extends HoldTerms {
  readonly state: 'released';
  readonly reason: string;
  readonly closedAt: Instant;
}

/** Nothing was ever reserved. */
export interface RefusedHold extends HoldTerms {
  readonly state: 'refused';
  readonly refusal: HoldRefusal;
}

export type HoldRefusal = { kind: 'amount_not_positive' } | { kind: 'account_not_found' } | { kind: 'insufficient_funds'; available: Amount };
