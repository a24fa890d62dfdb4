import {
  type Amount,
  gasFault,
  type GasFault,
  isAboveDay,
  networkOf,
  ok,
  refuse,
  type Result,
  type UnitWorths,
} from '@sluice/kernel';
import type { Book } from './book.js';
import { HOUSE_ACCOUNT, type Instant, walletAccount, type WalletPurpose } from './account.js';
import { type Gas, type GasTopUp, newEntry, type WalletFunding } from './journal.js';

interface RecordWalletFunding {
  readonly network: string;
  /** Receiving wallet of the network. */
  readonly wallet: WalletPurpose;
  /** A coin or token of the network. */
  readonly amount: Amount;
  /** Address, asset and number of earlier arrivals; each arrival is booked once. */
  readonly reference: string;
  /** Time of detection; null: the recording time. Not part of equality. */
  readonly effectiveAt: Instant | null;
}

export type RecordWalletFundingRefusal =
  | { kind: 'reference_reused'; first: WalletFunding }
  | { kind: 'amount_not_positive' }
  | { kind: 'network_mismatch' }
  | { kind: 'above_ceiling' };

/**
 * Books coins that arrived at our own wallet, without a customer's credit. Amounts above the
 * asset's daily ceiling are refused, for people to book after a review. A replay returns the first
 * record.
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

/** Moves a top-up from gas tank to hot wallet. A replay returns the first record. */
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

interface RecordGas {
  readonly network: string;
  /** Paying wallet of the network. */
  readonly wallet: WalletPurpose;
  /** In the network's native coin. */
  readonly amount: Amount;
  /** Transaction hash; the cost of each transaction is recorded once. */
  readonly reference: string;
  /** Time of the block; null: the recording time. Not part of equality. */
  readonly effectiveAt: Instant | null;
}

export type RecordGasRefusal =
  { kind: 'reference_reused'; first: Gas } | { kind: 'amount_not_positive' } | { kind: GasFault };

/**
 * Books the gas of our own wallet's transaction, successful or not. Amounts above a transfer's
 * possible cost are refused, for people to book after a review. A replay returns the first record.
 * `worths`: EUR worth of coins without built-in ceilings.
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
