import type { Hex } from 'viem';
import {
  isSameAddress,
  type NumberedTransfer,
  readUnsigned,
  signingHash,
  unsignedBytes,
  type UnsignedContent,
} from '@sluice/evm';
import { Amount, type Asset } from '@sluice/kernel';
import type { SignatureKind, SignerRefusal } from '@sluice/signer-api';
import type { SignatureOrder, Spending } from './chains.js';

/**
 * Most open nonces of an address. An unsigned nonce further below the highest counts as final: the
 * signer sees no chain. Without signatures, nonces begin at the configured one.
 */
export const NONCE_WINDOW = 512n;

/**
 * Decides an order on the book and assigns the nonce; returns the refusal, or null. `isSigned`:
 * charged no further, but the nonce must belong to the order, because two withdrawals may request
 * the same transfer.
 */
export function decide(
  book: SigningBook,
  order: SignatureOrder,
  isSigned = false,
): SignerRefusal | null {
  const known = book.at(order.transfer);
  const refusal = nonceRefusal(book, order, known);
  if (refusal !== null || isSigned) return refusal;
  const over = capRefusal(book, order, known);
  if (over !== null) return over;
  for (const [spending, amount] of spendingsOf(order, known)) book.spend(spending, amount);
  book.give(order);
  return null;
}

function nonceRefusal(
  book: SigningBook,
  order: SignatureOrder,
  known: SignedNonce | null,
): SignerRefusal | null {
  const { kind, transfer, withdrawalId, beginsBy } = order;
  if (withdrawalId !== null && book.isClosed(withdrawalId)) return 'withdrawal_closed';
  if (known !== null) return kind === 'void' || isSame(known, order) ? null : 'nonce_taken';
  if (withdrawalId !== null && book.ofWithdrawal(withdrawalId) !== null)
    return 'withdrawal_elsewhere';
  // An order with an assigned nonce may be finished after its receipt has expired.
  if (beginsBy !== null && beginsBy <= book.now) return 'receipt_expired';
  const highest = book.highestOf(transfer) ?? order.firstNonce - 1n;
  if (transfer.nonce > highest + NONCE_WINDOW) return 'nonce_too_high';
  // A void may fill a gap of any age, because all later nonces wait for the gap.
  return kind !== 'void' && transfer.nonce < highest - NONCE_WINDOW ? 'nonce_final' : null;
}

function isSame(known: SignedNonce, { kind, withdrawalId, transfer }: SignatureOrder): boolean {
  const { to, token, amount } = known.transfer;
  return (
    known.kind === kind &&
    known.withdrawalId === withdrawalId &&
    isSameAddress(to, transfer.to) &&
    isSameAddress(token, transfer.token) &&
    amount === transfer.amount
  );
}

function capRefusal(
  book: SigningBook,
  order: SignatureOrder,
  known: SignedNonce | null,
): SignerRefusal | null {
  const over = spendingsOf(order, known).find(([spending, amount]) => {
    const cap = order.caps.capOf(spending, amount.asset);
    if (cap === null) return true;
    const total = book.spentOf(spending, amount.asset).plus(amount);
    return Amount.of(cap.hour, amount.asset).lessThan(total);
  });
  if (over === undefined) return null;
  return over[0] === 'gas' ? 'gas_hour_is_full' : 'hour_is_full';
}

/** A nonce pays once, and counts at most the gas of the nonce's most expensive transaction. */
function spendingsOf(
  { kind, amount, gasCost }: SignatureOrder,
  known: SignedNonce | null,
): readonly (readonly [Spending, Amount])[] {
  const before = known?.gasCost ?? Amount.zero(gasCost.asset);
  const gas = before.lessThan(gasCost) ? [['gas', gasCost.minus(before)] as const] : [];
  if (known !== null || amount === null || kind === 'void') return gas;
  return [[kind, amount], ...gas];
}

/** The hash excludes the sender: equal hashes of a sender mean the same transaction. */
export interface PreparedOrder {
  readonly order: SignatureOrder;
  readonly hash: Hex;
}

/**
 * Encodes the transaction and decodes the bytes again. Throws if they differ from the order: a
 * fault of this program.
 */
export function prepare(order: SignatureOrder): PreparedOrder {
  const unsigned = unsignedBytes(order.transfer);
  const read = readUnsigned(unsigned);
  if (!read.ok) throw new Error(`what would be signed is no plain transfer: ${read.refusal}`);
  if (!says(read.value, order.transfer))
    throw new Error('what would be signed is another transfer than was ordered');
  return { order, hash: signingHash(unsigned) };
}

function says(content: UnsignedContent, transfer: NumberedTransfer): boolean {
  const { fees } = content;
  return (
    content.chainId === transfer.chainId &&
    content.nonce === transfer.nonce &&
    content.amount === transfer.amount &&
    isSameAddress(content.to, transfer.to) &&
    isSameAddress(content.token, transfer.token) &&
    fees.gasLimit === transfer.fees.gasLimit &&
    fees.maxFeePerGas === transfer.fees.maxFeePerGas &&
    fees.maxPriorityFeePerGas === transfer.fees.maxPriorityFeePerGas
  );
}

type NoncePlace = Pick<NumberedTransfer, 'chainId' | 'from' | 'nonce'>;
type Sender = Pick<NumberedTransfer, 'chainId' | 'from'>;

/** Kind, withdrawal, transfer, and highest gas cost of an assigned nonce. */
export interface SignedNonce {
  readonly kind: SignatureKind;
  readonly withdrawalId: string | null;
  readonly transfer: Omit<NumberedTransfer, 'fees'>;
  /** Null until a transaction with this nonce is signed. */
  readonly gasCost: Amount | null;
}

export interface LoadedBook {
  /** Time by the database clock, read under the locks. */
  readonly now: Date;
  /** Closed withdrawals among the orders: no further payment of them is signed. */
  readonly closed: readonly string[];
  readonly nonces: readonly SignedNonce[];
  /** Highest nonce of each sender with signatures. */
  readonly highest: readonly (Sender & { readonly nonce: bigint })[];
  /** In this hour. */
  readonly spent: readonly { readonly spending: Spending; readonly amount: Amount }[];
}

/** State for deciding a batch of requests: loaded under locks, changed in memory, written back. */
export class SigningBook {
  readonly now: Date;
  private readonly closed: ReadonlySet<string>;
  private readonly nonces: Map<string, SignedNonce>;
  private readonly withdrawals: Map<string, SignedNonce>;
  private readonly highest: Map<string, bigint>;
  private readonly spent: Map<string, Amount>;
  private readonly added: SignedNonce[] = [];
  private readonly changed = new Map<string, readonly [Spending, Amount]>();

  constructor({ now, closed, nonces, highest, spent }: LoadedBook) {
    this.now = now;
    this.closed = new Set(closed);
    this.nonces = new Map(nonces.map((one) => [keyOf(one.transfer), one]));
    this.withdrawals = new Map(
      nonces.flatMap((one) => (one.withdrawalId === null ? [] : [[one.withdrawalId, one]])),
    );
    this.highest = new Map(highest.map((one) => [senderOf(one), one.nonce]));
    this.spent = new Map(
      spent.map(({ spending, amount }) => [totalOf(spending, amount.asset), amount]),
    );
  }

  at(place: NoncePlace): SignedNonce | null {
    return this.nonces.get(keyOf(place)) ?? null;
  }

  isClosed(withdrawalId: string): boolean {
    return this.closed.has(withdrawalId);
  }

  ofWithdrawal(withdrawalId: string): SignedNonce | null {
    return this.withdrawals.get(withdrawalId) ?? null;
  }

  /** Null for an address without signatures. */
  highestOf(sender: Sender): bigint | null {
    return this.highest.get(senderOf(sender)) ?? null;
  }

  spentOf(spending: Spending, asset: Asset): Amount {
    return this.spent.get(totalOf(spending, asset)) ?? Amount.zero(asset);
  }

  /** Assigns the nonce once; later orders with the nonce only raise the gas cost. */
  give({ kind, transfer, withdrawalId, gasCost }: SignatureOrder): void {
    const known = this.at(transfer);
    const dearest = known?.gasCost && gasCost.lessThan(known.gasCost) ? known.gasCost : gasCost;
    const given: SignedNonce = known
      ? { ...known, gasCost: dearest }
      : { kind, withdrawalId, transfer, gasCost };
    this.nonces.set(keyOf(transfer), given);
    if (known) return;
    this.added.push(given);
    if (withdrawalId !== null) this.withdrawals.set(withdrawalId, given);
    const highest = this.highestOf(transfer);
    if (highest === null || transfer.nonce > highest)
      this.highest.set(senderOf(transfer), transfer.nonce);
  }

  spend(spending: Spending, amount: Amount): void {
    const total = this.spentOf(spending, amount.asset).plus(amount);
    this.spent.set(totalOf(spending, amount.asset), total);
    this.changed.set(totalOf(spending, amount.asset), [spending, total]);
  }

  /** Nonces assigned for the first time. */
  newNonces(): readonly SignedNonce[] {
    return this.added;
  }

  newTotals(): readonly (readonly [Spending, Amount])[] {
    return [...this.changed.values()];
  }
}

function senderOf({ chainId, from }: Sender): string {
  return `${chainId} ${from}`;
}

function keyOf(place: NoncePlace): string {
  return `${senderOf(place)} ${place.nonce}`;
}

function totalOf(spending: Spending, asset: Asset): string {
  return `${spending} ${asset}`;
}
