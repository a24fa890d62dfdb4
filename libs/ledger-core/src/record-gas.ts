import { gasFault, type GasFault, type UnitWorths } from '@sluice/ceilings';
import type { Amount } from '@sluice/money';
import { ok, refuse, type Result } from '@sluice/result';
import type { Book } from './book.js';
import { HOUSE_ACCOUNT, walletAccount, type WalletPurpose } from './chart-of-accounts.js';
import type { Instant } from './identifiers.js';
import { newEntry, type Gas } from './journal.js';

export interface RecordGas {
  readonly network: string;
  /** Which wallet of the network paid it. */
  readonly wallet: WalletPurpose;
  /** In the network's native coin. */
  readonly amount: Amount;
  /** The hash of the transaction: one costs once. */
  readonly reference: string;
  /** When its block was made; null for when it is recorded. Not part of what makes two records the same. */
  readonly effectiveAt: Instant | null;
}

export type RecordGasRefusal =
  { kind: 'reference_reused'; first: Gas } | { kind: 'amount_not_positive' } | { kind: GasFault };

/**
 * Books what a transaction of our own wallet cost us, whatever became of it; no customer is touched. Replaying it returns the first record.
 * What no transfer costs is refused: whoever reports it is wrong or lies, and people book it once they know.
 *
 * @param worths of coins that no release names
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
