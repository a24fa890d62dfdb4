import type { Amount } from '@sluice/kernel';

/** Withdrawal as the rules see it. Null: the fact is unknown, and a rule that needs it refuses. */
export interface Facts {
  readonly accountId: string;
  readonly keyId: string | null;
  /** Amount for the recipient, without the fee. */
  readonly payout: Amount;
  /** Stable key of the recipient, memo included. */
  readonly recipient: string | null;
  readonly venue: string | null;
  /** EUR for one unit of the asset, as decimal text. */
  readonly priceEur: string | null;
  /** Facts about the recipient, for the account; null if no rule needed them, or if they are unknown. */
  readonly history: RecipientHistory | null;
}

/** Facts about a recipient, for the account that pays. */
export interface RecipientHistory {
  /** An entry of the address book names the recipient, and its waiting time is over. */
  readonly isInBook: boolean;
  /** A payment of the account to the recipient was captured. */
  readonly wasPaid: boolean;
  /** A paid recipient of the account has another address with the same first and last characters. */
  readonly resemblesPaid: boolean;
}
