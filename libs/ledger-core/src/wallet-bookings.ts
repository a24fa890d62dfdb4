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
import {
  HOUSE_ACCOUNT,
  type Instant,
  type LedgerAccount,
  walletAccount,
  type WalletPurpose,
} from './account.js';
import {
  type Gas,
  type GasTopUp,
  type JournalEntry,
  newEntry,
  type WalletFunding,
} from './journal.js';

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
  if (first) return isSame(first, cmd) ? ok(first) : refuse({ kind: 'reference_reused', first });

  const { network, wallet, amount, reference } = cmd;
  if (!amount.isPositive()) return refuse({ kind: 'amount_not_positive' });
  if (networkOf(amount.asset) !== network) return refuse({ kind: 'network_mismatch' });
  if (isAboveDay(amount, worths)) return refuse({ kind: 'above_ceiling' });

  const between = ['funding', walletAccount(wallet, network)] as const;
  const entry = entryOf('wallet_funding', cmd, between, { id: newId(), recordedAt: at });
  return ok(book.fundWallet({ reference, wallet, amount, entryId: entry.id }, entry));
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
  if (first) return isSame(first, cmd) ? ok(first) : refuse({ kind: 'reference_reused', first });

  const { network, amount, reference } = cmd;
  if (!amount.isPositive()) return refuse({ kind: 'amount_not_positive' });
  const fault = gasFault(amount, network, 'topUp', worths);
  if (fault !== null) return refuse({ kind: fault });

  const between = [walletAccount('tank', network), walletAccount('hot', network)] as const;
  const entry = entryOf('gas_topup', cmd, between, { id: newId(), recordedAt: at });
  return ok(book.recordGasTopUp({ reference, amount, entryId: entry.id }, entry));
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
  if (first) return isSame(first, cmd) ? ok(first) : refuse({ kind: 'reference_reused', first });

  const { network, wallet, amount, reference } = cmd;
  if (!amount.isPositive()) return refuse({ kind: 'amount_not_positive' });
  const fault = gasFault(amount, network, 'spent', worths);
  if (fault !== null) return refuse({ kind: fault });

  const between = [walletAccount(wallet, network), `gas:${network}`] as const;
  const entry = entryOf('gas', cmd, between, { id: newId(), recordedAt: at });
  return ok(book.recordGas({ reference, wallet, amount, entryId: entry.id }, entry));
}

interface Booking {
  readonly reference: string;
  readonly wallet?: WalletPurpose;
  readonly amount: Amount;
  readonly effectiveAt: Instant | null;
}

/** An entry of the firm, with the amount as credit of one account and debit of the other. */
function entryOf(
  kind: 'wallet_funding' | 'gas_topup' | 'gas',
  { amount, reference, effectiveAt }: Booking,
  [credited, debited]: readonly [LedgerAccount, LedgerAccount],
  made: { readonly id: string; readonly recordedAt: Instant },
): JournalEntry {
  const postings = [
    { account: credited, amount },
    { account: debited, amount: amount.negated() },
  ];
  return newEntry(kind, { ...made, accountId: HOUSE_ACCOUNT, reference, effectiveAt, postings });
}

function isSame(first: Omit<Booking, 'reference' | 'effectiveAt'>, cmd: Booking): boolean {
  const { wallet, amount } = first;
  return wallet === cmd.wallet && amount.asset === cmd.amount.asset && amount.equals(cmd.amount);
}
