import { Amount, type Asset } from '@sluice/kernel';
import type { Account, AccountId, Balance, Freeze } from './account.js';
import type { ClosedHold, Hold, PlacedHold } from './hold.js';
import type {
  Funding,
  Gas,
  GasTopUp,
  JournalEntry,
  PaymentReturn,
  Reversal,
  Transfer,
  VenueFee,
  WalletFunding,
} from './journal.js';

/** Stored rows of all entities named in a batch, locked before reading. */
export interface BookRows {
  readonly accounts: readonly Account[];
  /** Every freeze of each account frozen or unfrozen by the batch. */
  readonly freezes: readonly Freeze[];
  readonly balances: readonly Balance[];
  readonly holds: readonly Hold[];
  readonly fundings: readonly Funding[];
  /** Fees with an entry of their own; the fee of a capture is in its hold. */
  readonly venueFees: readonly VenueFee[];
  readonly returns: readonly PaymentReturn[];
  readonly transfers: readonly Transfer[];
  readonly gas: readonly Gas[];
  readonly gasTopUps: readonly GasTopUp[];
  readonly walletFundings: readonly WalletFunding[];
  /** Entries to reverse in this batch, and their earlier reversals. */
  readonly entries: readonly JournalEntry[];
  readonly reversals: readonly Reversal[];
}

/** Each changed row once, in its final state, for one statement per table. */
export interface BookChanges {
  readonly openedAccounts: readonly Account[];
  readonly freezes: readonly Freeze[];
  readonly frozen: readonly Pick<Account, 'id' | 'frozen'>[];
  readonly balances: readonly Balance[];
  readonly newHolds: readonly Hold[];
  /** Holds of earlier batches: ended, or kept from expiring. */
  readonly changedHolds: readonly (PlacedHold | ClosedHold)[];
  readonly entries: readonly JournalEntry[];
}

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
