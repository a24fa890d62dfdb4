import type { Account, Balance, Freeze } from './account.js';
import type { ClosedHold, Hold, PlacedHold } from './hold.js';
import type {
  Funding,
  Gas,
  GasTopUp,
  JournalEntry,
  PaymentReturn,
  Reversal,
  Transfer,
  VenueFee,
  WalletFunding,
} from './journal.js';

/** Stored rows of all entities named in a batch, locked before reading. */
export interface BookRows {
  readonly accounts: readonly Account[];
  /** Every freeze of each account frozen or unfrozen by the batch. */
  readonly freezes: readonly Freeze[];
  readonly balances: readonly Balance[];
  readonly holds: readonly Hold[];
  readonly fundings: readonly Funding[];
  readonly venueFees: readonly VenueFee[];
  readonly returns: readonly PaymentReturn[];
  readonly transfers: readonly Transfer[];
  readonly gas: readonly Gas[];
  readonly gasTopUps: readonly GasTopUp[];
  readonly walletFundings: readonly WalletFunding[];
  /** Entries to reverse in this batch, and their earlier reversals. */
  readonly entries: readonly JournalEntry[];
  readonly reversals: readonly Reversal[];
}

/**
 * Changes made by a batch: each row once, in the final state, written with a single statement per
 * table.
 */
export interface BookChanges {
  readonly openedAccounts: readonly Account[];
  readonly freezes: readonly Freeze[];
  /** Current frozen state of each account frozen or unfrozen by the batch. */
  readonly frozen: readonly Pick<Account, 'id' | 'frozen'>[];
  readonly balances: readonly Balance[];
  readonly newHolds: readonly Hold[];
  /** Holds of earlier batches: ended, or kept from expiring. */
  readonly changedHolds: readonly (PlacedHold | ClosedHold)[];
  readonly entries: readonly JournalEntry[];
}
