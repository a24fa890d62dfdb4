import type { Asset } from '@sluice/kernel';
import {
  type Account,
  type AccountId,
  type Balance,
  customerOf,
  type Freeze,
  type WithdrawalId,
} from './account.js';
import { BookBalances, type BookChanges, type BookRows } from './book-rows.js';
import {
  type CapturedHold,
  type ClosedHold,
  type ExpiredHold,
  type Hold,
  mayFollow,
  type PlacedHold,
  type RefusedHold,
  type ReleasedHold,
} from './hold.js';
import {
  assertEntry,
  feeOfCapture,
  type Funding,
  type Gas,
  type GasTopUp,
  type JournalEntry,
  type PaymentReturn,
  type Reversal,
  type ReversedLines,
  type Transfer,
  type VenueFee,
  type WalletFunding,
} from './journal.js';

/**
 * Working set of a batch, loaded and written in one round trip each. Enforces conservation and 0 <=
 * held <= posted: a use case that breaks them throws.
 */
export class Book {
  private readonly accounts: Map<AccountId, Account>;
  private readonly freezes: Map<string, Freeze>;
  private readonly balances: BookBalances;
  private readonly holds: Map<WithdrawalId, Hold>;
  private readonly references: Map<string, WithdrawalId>;
  private readonly fundings: Map<string, Funding>;
  private readonly fees: Map<WithdrawalId, VenueFee[]>;
  private readonly returns: Map<WithdrawalId, PaymentReturn>;
  private readonly transfers: Map<string, Transfer>;
  private readonly gasSpent: Map<string, Gas>;
  private readonly gasTopUps: Map<string, GasTopUp>;
  private readonly walletFundings: Map<string, WalletFunding>;
  private readonly entries: Map<string, JournalEntry>;
  private readonly reversals: Map<string, Reversal>;

  private readonly opened = new Set<AccountId>();
  private readonly refrozen = new Set<string>();
  private readonly placed = new Set<WithdrawalId>();
  private readonly changed = new Map<WithdrawalId, PlacedHold | ClosedHold>();
  private readonly posted: JournalEntry[] = [];

  /** Creates the book. Rows omitted from `rows` count as not stored. */
  constructor(rows: Partial<BookRows> = {}) {
    this.accounts = mapOf(rows.accounts, (account) => account.id);
    this.freezes = mapOf(rows.freezes, (freeze) => key(freeze.accountId, freeze.freezeId));
    this.balances = new BookBalances(rows.balances ?? []);
    this.holds = mapOf(rows.holds, (hold) => hold.withdrawalId);
    this.references = new Map((rows.holds ?? []).flatMap(referenceOf));
    this.fundings = mapOf(rows.fundings, (funding) => key(funding.accountId, funding.reference));
    this.fees = Map.groupBy(rows.venueFees ?? [], (fee) => fee.withdrawalId);
    this.returns = mapOf(rows.returns, (one) => one.withdrawalId);
    this.transfers = mapOf(rows.transfers, (transfer) =>
      key(transfer.accountId, transfer.reference),
    );
    this.gasSpent = mapOf(rows.gas, (gas) => gas.reference);
    this.gasTopUps = mapOf(rows.gasTopUps, (topUp) => topUp.reference);
    this.walletFundings = mapOf(rows.walletFundings, (funding) => funding.reference);
    this.entries = mapOf(rows.entries, (entry) => entry.id);
    this.reversals = mapOf(rows.reversals, keyOfReversal);
  }

  account(id: AccountId): Account | undefined {
    return this.accounts.get(id);
  }

  freeze(accountId: AccountId, freezeId: string): Freeze | undefined {
    return this.freezes.get(key(accountId, freezeId));
  }

  /** Zero where the account never had any of the asset. */
  balance(accountId: AccountId, asset: Asset): Balance {
    return this.balances.of(accountId, asset);
  }

  hold(withdrawalId: WithdrawalId): Hold | undefined {
    return this.holds.get(withdrawalId);
  }

  holdOfReference(accountId: AccountId, reference: string): Hold | undefined {
    const id = this.references.get(key(accountId, reference));
    return id === undefined ? undefined : this.holds.get(id);
  }

  funding(accountId: AccountId, reference: string): Funding | undefined {
    return this.fundings.get(key(accountId, reference));
  }

  /** Returns every recorded fee of a withdrawal, including reversed fees and the fee of the capture. */
  venueFees(withdrawalId: WithdrawalId): readonly VenueFee[] {
    const hold = this.holds.get(withdrawalId);
    const first = hold?.state === 'captured' ? feeOfCapture(hold) : null;
    return [...(first ? [first] : []), ...(this.fees.get(withdrawalId) ?? [])];
  }

  /** Returns the recorded return of a payment, also if reversed. */
  paymentReturn(withdrawalId: WithdrawalId): PaymentReturn | undefined {
    return this.returns.get(withdrawalId);
  }

  transfer(accountId: AccountId, reference: string): Transfer | undefined {
    return this.transfers.get(key(accountId, reference));
  }

  gas(reference: string): Gas | undefined {
    return this.gasSpent.get(reference);
  }

  gasTopUp(reference: string): GasTopUp | undefined {
    return this.gasTopUps.get(reference);
  }

  walletFunding(reference: string): WalletFunding | undefined {
    return this.walletFundings.get(reference);
  }

  entry(id: string): JournalEntry | undefined {
    return this.entries.get(id);
  }

  reversal(entryId: string, lines: ReversedLines = null): Reversal | undefined {
    return this.reversals.get(keyOfReversal({ reverses: entryId, lines }));
  }

  isReversed({ withdrawalId, entryId }: VenueFee): boolean {
    const hold = this.holds.get(withdrawalId);
    const isOfCapture = hold?.state === 'captured' && hold.entryId === entryId;
    return this.reversal(entryId, isOfCapture ? 'venue_fee' : null) !== undefined;
  }

  open(account: Account): Account {
    this.accounts.set(account.id, account);
    this.opened.add(account.id);
    return account;
  }

  putFreeze(freeze: Freeze): Freeze {
    const account = this.accounts.get(freeze.accountId);
    if (!account) throw new Error(`freeze ${freeze.freezeId} is of no account`);
    const id = key(freeze.accountId, freeze.freezeId);
    this.freezes.set(id, freeze);
    this.refrozen.add(id);
    const frozen = [...this.freezes.values()].some(
      ({ accountId, liftedAt }) => accountId === account.id && liftedAt === null,
    );
    this.accounts.set(account.id, { ...account, frozen });
    return freeze;
  }

  place(hold: PlacedHold): PlacedHold {
    this.balances.hold(hold.accountId, hold.amount);
    this.addHold(hold);
    return hold;
  }

  /** Stores a refusal, because the same request must always get the same outcome. */
  recordRefusal(hold: RefusedHold): void {
    this.addHold(hold);
  }

  changePlaced(hold: PlacedHold): PlacedHold {
    this.changeHold(hold);
    return hold;
  }

  /** Ends a hold without a journal entry and releases the reserved funds. */
  closeUnpaid<H extends ReleasedHold | ExpiredHold>(hold: H): H {
    this.close(hold);
    return hold;
  }

  /** Ends a hold and posts the journal entry for the debit of the customer. */
  capture(hold: CapturedHold, entry: JournalEntry): CapturedHold {
    this.close(hold);
    this.post(entry);
    return hold;
  }

  fund(funding: Funding, entry: JournalEntry): Funding {
    this.fundings.set(key(funding.accountId, funding.reference), funding);
    this.post(entry);
    return funding;
  }

  recordVenueFee(fee: VenueFee, entry: JournalEntry): VenueFee {
    this.fees.set(fee.withdrawalId, [...(this.fees.get(fee.withdrawalId) ?? []), fee]);
    this.post(entry);
    return fee;
  }

  returnPayment(returned: PaymentReturn, entry: JournalEntry): PaymentReturn {
    this.returns.set(returned.withdrawalId, returned);
    this.post(entry);
    return returned;
  }

  recordTransfer(transfer: Transfer, entry: JournalEntry): Transfer {
    this.transfers.set(key(transfer.accountId, transfer.reference), transfer);
    this.post(entry);
    return transfer;
  }

  recordGas(gas: Gas, entry: JournalEntry): Gas {
    this.gasSpent.set(gas.reference, gas);
    this.post(entry);
    return gas;
  }

  recordGasTopUp(topUp: GasTopUp, entry: JournalEntry): GasTopUp {
    this.gasTopUps.set(topUp.reference, topUp);
    this.post(entry);
    return topUp;
  }

  fundWallet(funding: WalletFunding, entry: JournalEntry): WalletFunding {
    this.walletFundings.set(funding.reference, funding);
    this.post(entry);
    return funding;
  }

  reverse(reversal: Reversal, entry: JournalEntry): Reversal {
    this.reversals.set(keyOfReversal(reversal), reversal);
    this.post(entry);
    return reversal;
  }

  changes(): BookChanges {
    const freezes = [...this.refrozen].flatMap((id) => this.freezes.get(id) ?? []);
    return {
      openedAccounts: [...this.opened].flatMap((id) => this.accounts.get(id) ?? []),
      freezes,
      frozen: [...new Set(freezes.map(({ accountId }) => accountId))].flatMap(
        (id) => this.accounts.get(id) ?? [],
      ),
      balances: this.balances.changed(),
      newHolds: [...this.placed].flatMap((id) => this.holds.get(id) ?? []),
      changedHolds: [...this.changed.values()],
      entries: this.posted,
    };
  }

  private addHold(hold: PlacedHold | RefusedHold): void {
    if (this.holds.has(hold.withdrawalId)) throw new Error(`hold ${hold.withdrawalId} exists`);
    this.holds.set(hold.withdrawalId, hold);
    for (const [reference, id] of referenceOf(hold)) this.references.set(reference, id);
    this.placed.add(hold.withdrawalId);
  }

  private close(hold: ClosedHold): void {
    this.changeHold(hold);
    this.balances.hold(hold.accountId, hold.amount.negated());
  }

  private changeHold(hold: PlacedHold | ClosedHold): void {
    const from = this.holds.get(hold.withdrawalId)?.state;
    if (from === undefined || !mayFollow(from, hold.state))
      throw new Error(`hold ${hold.withdrawalId} is not placed`);
    this.holds.set(hold.withdrawalId, hold);
    if (!this.placed.has(hold.withdrawalId)) this.changed.set(hold.withdrawalId, hold);
  }

  /** Only this method changes `posted`, by balanced entries: conservation. */
  private post(entry: JournalEntry): void {
    assertEntry(entry);
    for (const { account, amount } of entry.postings)
      if (customerOf(account) !== undefined) this.balances.post(entry.accountId, amount);
    this.entries.set(entry.id, entry);
    this.posted.push(entry);
  }
}

function referenceOf({ accountId, reference, withdrawalId }: Hold): [string, WithdrawalId][] {
  return reference === null ? [] : [[key(accountId, reference), withdrawalId]];
}

function mapOf<T>(rows: readonly T[] | undefined, keyOf: (row: T) => string): Map<string, T> {
  return new Map((rows ?? []).map((row) => [keyOf(row), row]));
}

function keyOfReversal({ reverses, lines }: Pick<Reversal, 'reverses' | 'lines'>): string {
  return key(reverses, lines ?? '');
}

function key(accountId: AccountId, part: string): string {
  return `${accountId} ${part}`;
}
