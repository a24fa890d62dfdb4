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
}
