import {
  type Amount,
  gasFault,
  type GasFault,
  ok,
  refuse,
  type Result,
  type UnitWorths,
} from '@sluice/kernel';
import type { Book } from './book.js';
import { HOUSE_ACCOUNT, walletAccount, type WalletPurpose } from './chart-of-accounts.js';
import type { Instant } from './identifiers.js';
import { newEntry, type Gas } from './journal.js';

interface RecordGas {
  readonly network: string;
  /** Paying wallet of the network. */
  readonly wallet: WalletPurpose;
  /** In the network's native coin. */
  readonly amount: Amount;
  /** Transaction hash; the cost of each transaction is recorded once. */
  readonly reference: string;
  /**
   * Time of the block; null: the recording time. Two records with different times can still be
   * equal.
   */
  readonly effectiveAt: Instant | null;
}

export type RecordGasRefusal =
  { kind: 'reference_reused'; first: Gas } | { kind: 'amount_not_positive' } | { kind: GasFault };

/**
 * Books the gas cost of a transaction of our own wallet, whether or not the transaction succeeded.
 * No customer account changes. A replay returns the first record. Amounts above the possible cost
 * of a transfer are refused: the report is wrong or forged, and people book the cost after a
 * review.
 *
 * @param worths EUR worth of coins without built-in ceilings
 */
export function recordGas(
  book: Book,
  cmd: RecordGas,
  at: Instant,
  newId: () => string,
  worths: UnitWorths = {},
): Result<Gas, RecordGasRefusal> {
  const first = book.gas(cmd.reference);
  if (first) return sameGas(first, cmd) ? ok(first) : refuse({ kind: 'reference_reused', first });

  const { network, wallet, amount, reference, effectiveAt } = cmd;
  if (!amount.isPositive()) return refuse({ kind: 'amount_not_positive' });
  const fault = gasFault(amount, network, 'spent', worths);
  if (fault !== null) return refuse({ kind: fault });

  const entryId = newId();
  const postings = [
    { account: walletAccount(wallet, network), amount },
    { account: `gas:${network}`, amount: amount.negated() },
  ] as const;
  const entry = newEntry('gas', {
    id: entryId,
    accountId: HOUSE_ACCOUNT,
    reference,
    effectiveAt,
    recordedAt: at,
    postings,
  });
  return ok(book.recordGas({ reference, wallet, amount, entryId }, entry));
}

function sameGas(first: Gas, { wallet, amount }: RecordGas): boolean {
  return (
    first.wallet === wallet && first.amount.asset === amount.asset && first.amount.equals(amount)
  );
}
