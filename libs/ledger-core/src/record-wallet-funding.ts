import {
  type Amount,
  isAboveDay,
  networkOf,
  ok,
  refuse,
  type Result,
  type UnitWorths,
} from '@sluice/kernel';
import type { Book } from './book.js';
import { HOUSE_ACCOUNT, walletAccount, type WalletPurpose } from './chart-of-accounts.js';
import type { Instant } from './identifiers.js';
import { newEntry, type WalletFunding } from './journal.js';

interface RecordWalletFunding {
  readonly network: string;
  /** Receiving wallet of the network. */
  readonly wallet: WalletPurpose;
  /** A coin or token of the network. */
  readonly amount: Amount;
  /** Address, asset and number of earlier arrivals; each arrival is booked once. */
  readonly reference: string;
  /**
   * Time of detection; null: the recording time. Two fundings with different times can still be
   * equal.
   */
  readonly effectiveAt: Instant | null;
}

export type RecordWalletFundingRefusal =
  | { kind: 'reference_reused'; first: WalletFunding }
  | { kind: 'amount_not_positive' }
  | { kind: 'network_mismatch' }
  | { kind: 'above_ceiling' };

/**
 * Books coins at an address of our own wallet that were not sent by us: the initial balance and
 * later arrivals. No customer is credited, so no customer can withdraw more. An amount above the
 * daily ceiling of the asset is refused: a wallet needs less, and people book larger amounts after
 * a review. A replay returns the first record.
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
