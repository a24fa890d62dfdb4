import { Amount, type Asset } from '@sluice/kernel';

/** Totals of an asset over all wallets. */
interface WalletAccounts {
  readonly asset: Asset;
  /** Balance on the chain, in a final block. */
  readonly total: Amount;
  /** Sum of the wallets' ledger accounts. The expected balance on the chain is the negated sum. */
  readonly posted: Amount;
  /** Amount possibly sent but not booked yet: withdrawals not yet ended. */
  readonly inFlight: Amount;
}

/**
 * Returns the amount missing on the chain compared with the book, beyond the amount in flight; zero
 * without a deficit. A surplus is no loss: the surplus is an unbooked receipt, or a booking since
 * the block.
 */
export function missingOf({ asset, total, posted, inFlight }: WalletAccounts): Amount {
  const least = posted.negated().minus(inFlight);
  return total.lessThan(least) ? least.minus(total) : Amount.zero(asset);
}
