import { Amount, type Asset } from '@sluice/money';

/** Of one asset, all of its wallets together. */
export interface WalletAccounts {
  readonly asset: Asset;
  /** What the chain has of it, in a final block. */
  readonly total: Amount;
  /** What the ledger's accounts of these wallets come to: less than nothing is what should be there. */
  readonly posted: Amount;
  /** What may have left without being booked yet: of withdrawals that have not ended. */
  readonly inFlight: Amount;
}

/**
 * By how much the chain has less than the book, beyond what is in flight; zero where it has that or more. More is no loss: what came and is not booked yet, or
 * what was booked since the block.
 */
export function missingOf({ asset, total, posted, inFlight }: WalletAccounts): Amount {
  const least = posted.negated().minus(inFlight);
  return total.lessThan(least) ? least.minus(total) : Amount.zero(asset);
}
