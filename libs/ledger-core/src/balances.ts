import { Amount, type Asset } from '@sluice/kernel';
import type { Balance } from './account.js';
import type { AccountId } from './identifiers.js';

/** Balances of a batch. Throws if a change would break 0 <= held <= posted. */
export class BookBalances {
  private readonly assets = new Map<Asset, Map<AccountId, Balance>>();
  private readonly moved = new Map<Asset, Set<AccountId>>();

  constructor(rows: readonly Balance[]) {
    for (const row of rows) this.rowsOf(row.posted.asset).set(row.accountId, row);
  }

  /** Zero where the account never had any of the asset. */
  of(accountId: AccountId, asset: Asset): Balance {
    return (
      this.assets.get(asset)?.get(accountId) ?? {
        accountId,
        posted: Amount.zero(asset),
        held: Amount.zero(asset),
      }
    );
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
    return [...this.moved].flatMap(([asset, accounts]) =>
      [...accounts].map((accountId) => this.of(accountId, asset)),
    );
  }

  private set(balance: Balance): void {
    const { accountId, posted, held } = balance;
    if (held.isNegative() || posted.lessThan(held)) {
      throw new Error(
        `account ${accountId}: 0 <= held <= posted is broken by ${held.toString()} of ${posted.toString()} ${posted.asset}`,
      );
    }
    this.rowsOf(posted.asset).set(accountId, balance);
    getOrAdd(this.moved, posted.asset, () => new Set<AccountId>()).add(accountId);
  }

  private rowsOf(asset: Asset): Map<AccountId, Balance> {
    return getOrAdd(this.assets, asset, () => new Map<AccountId, Balance>());
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
