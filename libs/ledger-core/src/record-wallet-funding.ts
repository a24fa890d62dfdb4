import { isAboveDay, type UnitWorths } from '@sluice/ceilings';
import { networkOf, type Amount } from '@sluice/money';
import { ok, refuse, type Result } from '@sluice/result';
import type { Book } from './book.js';
import { HOUSE_ACCOUNT, walletAccount, type WalletPurpose } from './chart-of-accounts.js';
import type { Instant } from './identifiers.js';
import { newEntry, type WalletFunding } from './journal.js';

export interface RecordWalletFunding {
  readonly network: string;
  /** Which wallet of the network has the coins. */
  readonly wallet: WalletPurpose;
  /** A coin or token of the network. */
  readonly amount: Amount;
  /** Address, asset and how many have come there before: each funds once. */
  readonly reference: string;
  /** When they were seen; null for when it is recorded. Not part of what makes two fundings the same. */
  readonly effectiveAt: Instant | null;
}

export type RecordWalletFundingRefusal =
  | { kind: 'reference_reused'; first: WalletFunding }
  | { kind: 'amount_not_positive' }
  | { kind: 'network_mismatch' }
  | { kind: 'above_ceiling' };

/**
 * Books coins that are at an address of our own wallet and that nobody of us has sent there: what it had at first, and what came later. It credits no
 * customer, so nobody may pay out more for it. More at once than the asset's ceiling of a day is refused: a wallet needs no more, and people book it
 * once they have looked. Replaying it returns the first record.
 */
export function recordWalletFunding(
  book: Book,
  cmd: RecordWalletFunding,
  at: Instant,
  newId: () => string,
  worths: UnitWorths = {},
): Result<WalletFunding, RecordWalletFundingRefusal> {
  const first = book.walletFunding(cmd.reference);
  if (first)
    return sameFunding(first, cmd) ? ok(first) : refuse({ kind: 'reference_reused', first });

  const { network, wallet, amount, reference, effectiveAt } = cmd;
  if (!amount.isPositive()) return refuse({ kind: 'amount_not_positive' });
  if (networkOf(amount.asset) !== network) return refuse({ kind: 'network_mismatch' });
  if (isAboveDay(amount, worths)) return refuse({ kind: 'above_ceiling' });

  const entryId = newId();
  const postings = [
    { account: 'funding', amount },
    { account: walletAccount(wallet, network), amount: amount.negated() },
  ] as const;
  const entry = newEntry('wallet_funding', {
    id: entryId,
    accountId: HOUSE_ACCOUNT,
    reference,
    effectiveAt,
    recordedAt: at,
    postings,
  });
  return ok(book.fundWallet({ reference, wallet, amount, entryId }, entry));
}

function sameFunding(first: WalletFunding, { wallet, amount }: RecordWalletFunding): boolean {
  return (
    first.wallet === wallet && first.amount.asset === amount.asset && first.amount.equals(amount)
  );
}
