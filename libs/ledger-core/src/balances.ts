import { Amount, type Asset } from '@sluice/money';
import type { Balance } from './account.js';
import type { AccountId } from './identifiers.js';

/** The balances of one batch; throws when one would break 0 <= held <= posted. */
export class Balances {
  private readonly rows: Map<string, Balance>;
  private readonly moved = new Set<string>();

  constructor(rows: readonly Balance[]) {
    this.rows = new Map(rows.map((balance) => [key(balance.accountId, balance.posted.asset), balance]));
  }

  /** Zero where the account never had any of the asset. */
  of(accountId: AccountId, asset: Asset): Balance {
    return this.rows.get(key(accountId, asset)) ?? { accountId, posted: Amount.zero(asset), held: Amount.zero(asset) };
  }

  hold(accountId: AccountId, amount: Amount): void {
    const { posted, held } = this.of(accountId, amount.asset);
    this.set({ accountId, posted, held: held.plus(amount) });
  }

  post(accountId: AccountId, amount: Amount): void {
    const { posted, held } = this.of(accountId, amount.asset);
    this.set({ accountId, posted: posted.plus(amount), held });
  }

  changed(): readonly Balance[] {
    return [...this.moved].flatMap((id) => this.rows.get(id) ?? []);
  }

  private set(balance: Balance): void {
    const { accountId, posted, held } = balance;
    if (held.isNegative() || posted.lessThan(held)) {
      throw new Error(`account ${accountId}: 0 <= held <= posted is broken by ${held.toString()} of ${posted.toString()} ${posted.asset}`);
    }
    const id = key(accountId, posted.asset);
    this.rows.set(id, balance);
    this.moved.add(id);
  }
}

function key(accountId: AccountId, asset: Asset): string {
  return `${accountId} ${asset}`;
}
