import type { NumberedTransfer } from '@sluice/evm';
import { Amount, type Asset } from '@sluice/money';
import type { SignatureKind } from '@sluice/signer-api';
import type { Spending } from './caps.js';
import type { SignatureOrder } from './order.js';

type Place = Pick<NumberedTransfer, 'chainId' | 'from' | 'nonce'>;
type Sender = Pick<NumberedTransfer, 'chainId' | 'from'>;

/** A nonce that was given away: for whom, for what, and what the dearest of its transactions may cost. */
export interface SignedNonce {
  readonly kind: SignatureKind;
  readonly withdrawalId: string | null;
  readonly transfer: Omit<NumberedTransfer, 'fees'>;
  /** Null before anything was signed under it. */
  readonly gasCost: Amount | null;
}

export interface LoadedBook {
  /** By the clock of the database, under the locks. */
  readonly now: Date;
  /** Withdrawals of these orders that no payment is signed for any more. */
  readonly closed: readonly string[];
  readonly nonces: readonly SignedNonce[];
  /** Of each sender that was ever signed for. */
  readonly highest: readonly (Sender & { readonly nonce: bigint })[];
  /** In this hour. */
  readonly spent: readonly { readonly spending: Spending; readonly amount: Amount }[];
}

/** All that one batch of requests is judged by: loaded under locks, changed in memory, written back. */
export class Book {
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

  at(place: Place): SignedNonce | null {
    return this.nonces.get(keyOf(place)) ?? null;
  }

  isClosed(withdrawalId: string): boolean {
    return this.closed.has(withdrawalId);
  }

  ofWithdrawal(withdrawalId: string): SignedNonce | null {
    return this.withdrawals.get(withdrawalId) ?? null;
  }

  /** Null for an address that nothing was signed for. */
  highestOf(sender: Sender): bigint | null {
    return this.highest.get(senderOf(sender)) ?? null;
  }

  spentOf(spending: Spending, asset: Asset): Amount {
    return this.spent.get(totalOf(spending, asset)) ?? Amount.zero(asset);
  }

  /** Gives the nonce to the order, once; later ones of it only raise what it may cost. */
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

  /** Nonces that were given for the first time. */
  newNonces(): readonly SignedNonce[] {
    return this.added;
  }

  /** Sums that have changed, as they are now. */
  newTotals(): readonly (readonly [Spending, Amount])[] {
    return [...this.changed.values()];
  }
}

function senderOf({ chainId, from }: Sender): string {
  return `${chainId} ${from}`;
}

function keyOf(place: Place): string {
  return `${senderOf(place)} ${place.nonce}`;
}

function totalOf(spending: Spending, asset: Asset): string {
  return `${spending} ${asset}`;
}
