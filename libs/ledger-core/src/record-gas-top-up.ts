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
import { HOUSE_ACCOUNT, walletAccount } from './chart-of-accounts.js';
import type { Instant } from './identifiers.js';
import { newEntry, type GasTopUp } from './journal.js';

interface RecordGasTopUp {
  readonly network: string;
  /** In the network's native coin. */
  readonly amount: Amount;
  /** Transaction hash; each transaction is recorded once. */
  readonly reference: string;
  readonly effectiveAt: Instant | null;
}

export type RecordGasTopUpRefusal =
  | { kind: 'reference_reused'; first: GasTopUp }
  | { kind: 'amount_not_positive' }
  | { kind: GasFault };

/**
 * Moves the amount sent by the gas tank of a network to the hot wallet. A replay returns the first
 * record.
 */
export function recordGasTopUp(
  book: Book,
  cmd: RecordGasTopUp,
  at: Instant,
  newId: () => string,
  worths: UnitWorths = {},
): Result<GasTopUp, RecordGasTopUpRefusal> {
  const first = book.gasTopUp(cmd.reference);
  if (first)
    return first.amount.asset === cmd.amount.asset && first.amount.equals(cmd.amount)
      ? ok(first)
      : refuse({ kind: 'reference_reused', first });

  const { network, amount, reference, effectiveAt } = cmd;
  if (!amount.isPositive()) return refuse({ kind: 'amount_not_positive' });
  const fault = gasFault(amount, network, 'topUp', worths);
  if (fault !== null) return refuse({ kind: fault });

  const entryId = newId();
  const postings = [
    { account: walletAccount('tank', network), amount },
    { account: walletAccount('hot', network), amount: amount.negated() },
  ];
  const entry = newEntry('gas_topup', {
    id: entryId,
    accountId: HOUSE_ACCOUNT,
    reference,
    effectiveAt,
    recordedAt: at,
    postings,
  });
  return ok(book.recordGasTopUp({ reference, amount, entryId }, entry));
}
