import { Amount, type Asset } from '@sluice/money';
import type { Account, Balance } from './account.js';
import { customerOf } from './chart-of-accounts.js';
import type { CapturedHold, Hold, PlacedHold, RefusedHold, ReleasedHold } from './hold.js';
import type { AccountId, WithdrawalId } from './identifiers.js';
import { assertEntry, type Funding, type JournalEntry, type VenueFee } from './journal.js';

/** What is stored of everything that a batch names, locked before it was read. */
export interface BookRows {
  readonly accounts: readonly Account[];
  readonly balances: readonly Balance[];
  readonly holds: readonly Hold[];
  readonly fundings: readonly Funding[];
  readonly venueFees: readonly VenueFee[];
}

/** What a batch did, each row once in its last state, to be written one statement per table. */
export interface BookChanges {
  readonly openedAccounts: readonly Account[];
  readonly balances: readonly Balance[];
  readonly newHolds: readonly Hold[];
  readonly closedHolds: readonly (CapturedHold | ReleasedHold)[];
  readonly entries: readonly JournalEntry[];
}

/**
 * The working set of one batch: loaded in one round trip, changed in memory, written back in one round trip. Use cases ask it and tell it;
 * it keeps conservation and 0 <= held <= posted, and throws when a use case would break them.
 */
export class Book {
  private readonly accounts: Map<AccountId, Account>;
  private readonly balances: Map<string, Balance>;
  private readonly holds: Map<WithdrawalId, Hold>;
  private readonly fundings: Map<string, Funding>;
  private readonly venueFees: Map<WithdrawalId, VenueFee>;

  private readonly opened: Account[] = [];
  private readonly moved = new Set<string>();
  private readonly placed = new Set<WithdrawalId>();
  private readonly closed = new Set<WithdrawalId>();
  private readonly entries: JournalEntry[] = [];

  constructor(rows: BookRows) {
    this.accounts = new Map(rows.accounts.map((account) => [account.id, account]));
    this.balances = new Map(rows.balances.map((balance) => [key(balance.accountId, balance.posted.asset), balance]));
    this.holds = new Map(rows.holds.map((hold) => [hold.withdrawalId, hold]));
    this.fundings = new Map(rows.fundings.map((funding) => [key(funding.accountId, funding.reference), funding]));
    this.venueFees = new Map(rows.venueFees.map((fee) => [fee.withdrawalId, fee]));
  }

  account(id: AccountId): Account | undefined {
    return this.accounts.get(id);
  }

  /** Zero where the account never had any of the asset. */
  balance(accountId: AccountId, asset: Asset): Balance {
    return this.balances.get(key(accountId, asset)) ?? { accountId, posted: Amount.zero(asset), held: Amount.zero(asset) };
  }

  hold(withdrawalId: WithdrawalId): Hold | undefined {
    return this.holds.get(withdrawalId);
  }

  funding(accountId: AccountId, reference: string): Funding | undefined {
    return this.fundings.get(key(accountId, reference));
  }

  venueFee(withdrawalId: WithdrawalId): VenueFee | undefined {
    return this.venueFees.get(withdrawalId);
  }

  open(account: Account): Account {
    this.accounts.set(account.id, account);
    this.opened.push(account);
    return account;
  }

  place(hold: PlacedHold): PlacedHold {
    const { accountId, posted, held } = this.balance(hold.accountId, hold.amount.asset);
    this.setBalance({ accountId, posted, held: held.plus(hold.amount) });
    this.addHold(hold);
    return hold;
  }

  /** Keeps a refusal, so that the same request is never answered otherwise. */
  remember(hold: RefusedHold): void {
    this.addHold(hold);
  }

  /** Ends a hold without moving anything: nothing of it is reserved any more. */
  release(hold: ReleasedHold): ReleasedHold {
    this.close(hold);
    return hold;
  }

  /** Ends a hold and posts the entry that debits the customer. */
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
    this.venueFees.set(fee.withdrawalId, fee);
    this.post(entry);
    return fee;
  }

  changes(): BookChanges {
    return {
      openedAccounts: this.opened,
      balances: [...this.moved].flatMap((id) => this.balances.get(id) ?? []),
      newHolds: [...this.placed].flatMap((id) => this.holds.get(id) ?? []),
      closedHolds: [...this.closed].flatMap((id) => closedOnly(this.holds.get(id))),
      entries: this.entries,
    };
  }

  private addHold(hold: PlacedHold | RefusedHold): void {
    if (this.holds.has(hold.withdrawalId)) throw new Error(`hold ${hold.withdrawalId} exists`);
    this.holds.set(hold.withdrawalId, hold);
    this.placed.add(hold.withdrawalId);
  }

  private close(hold: CapturedHold | ReleasedHold): void {
    if (this.holds.get(hold.withdrawalId)?.state !== 'placed') throw new Error(`hold ${hold.withdrawalId} is not placed`);
    const { accountId, posted, held } = this.balance(hold.accountId, hold.amount.asset);
    this.setBalance({ accountId, posted, held: held.minus(hold.amount) });
    this.holds.set(hold.withdrawalId, hold);
    if (!this.placed.has(hold.withdrawalId)) this.closed.add(hold.withdrawalId);
  }

  /** The only way `posted` moves: conservation is that each entry balances. */
  private post(entry: JournalEntry): void {
    assertEntry(entry);
    for (const { account, amount } of entry.postings) {
      const customer = customerOf(account);
      if (customer === undefined) continue;
      const { accountId, posted, held } = this.balance(customer, amount.asset);
      this.setBalance({ accountId, posted: posted.plus(amount), held });
    }
    this.entries.push(entry);
  }

  private setBalance(balance: Balance): void {
    const { accountId, posted, held } = balance;
    if (held.isNegative() || posted.lessThan(held)) {
      throw new Error(`account ${accountId}: 0 <= held <= posted is broken by ${held.toString()} of ${posted.toString()} ${posted.asset}`);
    }
    const id = key(accountId, posted.asset);
    this.balances.set(id, balance);
    this.moved.add(id);
  }
}

function key(accountId: AccountId, part: string): string {
  return `${accountId} ${part}`;
}

function closedOnly(hold: Hold | undefined): readonly (CapturedHold | ReleasedHold)[] {
  return hold?.state === 'captured' || hold?.state === 'released' ? [hold] : [];
}
