import type { Asset, UnitWorths } from '@sluice/kernel';
import type { WireMessage } from '@sluice/messages';
import type { KnownWallets } from '../../catalogue/known-wallets.js';
import type { Route } from '../../catalogue/route-store.js';
import type { OrderAuthority } from '../../orders/order-authority.js';
import type { OrderHolds } from '../restored/order-holds.js';
import type { OpenedCase } from '../../cases/withdrawal-cases.js';
import type { HistoryStep } from '../../rows/withdrawal-history.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { waitsFor, type ReportedWait } from '../waiting/waits-for.js';
import type { ContinuedWithdrawal } from './continue-lost.js';
import type { LeftState } from './step-durations.js';
import type { BookedCost } from './wallet-costs.js';

/** Changes of a batch of events, saved in a single transaction. */
export interface BatchChanges {
  readonly rows: Map<string, StoredWithdrawal>;
  readonly changed: Map<string, StoredWithdrawal>;
  /** Routes of assets in the batch with a refusal another venue may pay; mostly empty. */
  readonly routes: ReadonlyMap<Asset, Route>;
  /** Known only where a route is. */
  readonly wallets: KnownWallets;
  /** Withdrawals held back from their venues now. */
  readonly holds: OrderHolds;
  readonly refusedCancels: Set<string>;
  /** Venue and cause of waiting, by withdrawal. */
  readonly waits: Map<string, string>;
  /** Withdrawals whose release the ledger may refuse without a case. */
  readonly releasedWhileWaiting: ReadonlySet<string>;
  readonly rerouted: Set<string>;
  readonly history: HistoryStep[];
  /** Lost withdrawals continued in place of a repeated request. */
  readonly continued: ContinuedWithdrawal[];
  readonly left: LeftState[];
  readonly outgoing: WireMessage[];
  readonly authority: OrderAuthority;
  /** Values of currencies without a ceiling in the release. */
  readonly worths: UnitWorths;
  readonly cases: OpenedCase[];
  /** Gas costs to be booked by the ledger. */
  readonly costs: BookedCost[];
  /** Accounts opened by the ledger. */
  readonly accounts: Set<string>;
}

export function recordChange(batch: BatchChanges, after: StoredWithdrawal): void {
  batch.rows.set(after.withdrawal.order.id, after);
  batch.changed.set(after.withdrawal.order.id, after);
}

/** The row keeps the time of the last change. */
export function recordWait(batch: BatchChanges, wait: ReportedWait): void {
  batch.waits.set(wait.withdrawalId, waitsFor(wait));
}

export function changedAmong(batch: BatchChanges, ids: Iterable<string>): StoredWithdrawal[] {
  return [...ids].flatMap((id) => batch.changed.get(id) ?? []);
}
