import type { NumberedTransfer } from '@sluice/evm';
import { Amount, type Asset } from '@sluice/kernel';
import type { SignatureKind } from '@sluice/signer-api';
import type { Spending } from './caps.js';
import type { SignatureOrder } from './order.js';

type NoncePlace = Pick<NumberedTransfer, 'chainId' | 'from' | 'nonce'>;
type Sender = Pick<NumberedTransfer, 'chainId' | 'from'>;

/**
 * An assigned nonce: kind, withdrawal, transfer, and the highest gas cost of the nonce's
 * transactions.
 */
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

  /**
   * Assigns the nonce to the order once; later orders with the nonce only raise the maximum gas
   * cost.
   */
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

  /** Changed totals with their current values. */
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
