import type { Account, Balance, Freeze } from './account.js';
import type { ClosedHold, Hold, PlacedHold } from './hold.js';
import type {
  Funding,
  Gas,
  GasTopUp,
  JournalEntry,
  Reversal,
  Transfer,
  VenueFee,
  WalletFunding,
} from './journal.js';

/** What is stored of everything that a batch names, locked before it was read. */
export interface BookRows {
  readonly accounts: readonly Account[];
  /** Every freeze of an account that the batch freezes or unfreezes. */
  readonly freezes: readonly Freeze[];
  readonly balances: readonly Balance[];
  readonly holds: readonly Hold[];
  readonly fundings: readonly Funding[];
  readonly venueFees: readonly VenueFee[];
  readonly transfers: readonly Transfer[];
  readonly gas: readonly Gas[];
  readonly gasTopUps: readonly GasTopUp[];
  readonly walletFundings: readonly WalletFunding[];
  /** Entries that the batch means to reverse, and what reversed them before. */
  readonly entries: readonly JournalEntry[];
  readonly reversals: readonly Reversal[];
}

/** What a batch did, each row once in its last state, to be written one statement per table. */
export interface BookChanges {
  readonly openedAccounts: readonly Account[];
  readonly freezes: readonly Freeze[];
  /** Whether an account is frozen now, of those that the batch froze or unfroze. */
  readonly frozen: readonly Pick<Account, 'id' | 'frozen'>[];
  readonly balances: readonly Balance[];
  readonly newHolds: readonly Hold[];
  /** Holds of earlier batches: ended, or kept from expiring. */
  readonly changedHolds: readonly (PlacedHold | ClosedHold)[];
  readonly entries: readonly JournalEntry[];
}
