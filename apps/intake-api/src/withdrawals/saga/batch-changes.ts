import { Counter, Histogram } from 'prom-client';
import type { Asset, UnitWorths } from '@sluice/kernel';
import type { WireMessage } from '@sluice/messages';
import { startAtZero } from '@sluice/service-shell';
import { isTerminal, type State, TRANSITIONS } from '@sluice/withdrawal-core';
import type { OpenedCase } from '../../cases/withdrawal-cases.js';
import type { KnownWallets } from '../../catalogue/known-wallets.js';
import type { Route } from '../../catalogue/route-store.js';
import type { OrderAuthority } from '../../orders/order-authority.js';
import type { HistoryStep, StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { NewWithdrawal } from '../../rows/withdrawal-writes.js';
import type { OrderHolds } from '../restored/order-holds.js';
import { isLookedAtRarely } from '../recovery/overdue-answers.js';
import { type ReportedWait, waitsFor } from '../waiting/waits-for.js';
import type { BookedCost } from './wallet-costs.js';

export interface BatchChanges {
  readonly rows: Map<string, StoredWithdrawal>;
  readonly changed: Map<string, StoredWithdrawal>;
  /** Routes of assets in the batch with a refusal another venue may pay; mostly empty. */
  readonly routes: ReadonlyMap<Asset, Route>;
  /** Known only where a route is. */
  readonly wallets: KnownWallets;
  readonly holds: OrderHolds;
  readonly refusedCancels: Set<string>;
  /** Venue and cause of waiting, by withdrawal. */
  readonly waits: Map<string, string>;
  /** Withdrawals whose release the ledger may refuse without a case. */
  readonly releasedWhileWaiting: ReadonlySet<string>;
  readonly rerouted: Set<string>;
  readonly history: HistoryStep[];
  /** Lost withdrawals continued in place of a repeated request. */
  readonly continued: NewWithdrawal[];
  readonly left: LeftState[];
  readonly outgoing: WireMessage[];
  readonly authority: OrderAuthority;
  /** Values of currencies without a ceiling in the release. */
  readonly worths: UnitWorths;
  readonly cases: OpenedCase[];
  readonly costs: BookedCost[];
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

/** Withdrawals with a step after a wait during which recovery looks rarely. */
export function leftAfterLong({ left }: BatchChanges): string[] {
  return left
    .filter(({ state, since, at }) => isLookedAtRarely(state, at.getTime() - since.getTime()))
    .map(({ after }) => after.withdrawal.order.id);
}

/** Buckets from a single network hop to the hours of a chain or a person. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800, 7_200, 86_400];

const inState = new Histogram({
  name: 'sluice_withdrawal_step_duration_seconds',
  help: 'How long withdrawals were in a state before they left it, by venue: requested is until the hold, submitting until the venue has it, submitted and broadcast until it is paid, capturing until it is booked',
  labelNames: ['state', 'venue'],
  buckets: SECONDS,
});
const whole = new Histogram({
  name: 'sluice_withdrawal_duration_seconds',
  help: 'Seconds from the request of a withdrawal to its end, by venue and outcome',
  labelNames: ['outcome', 'venue'],
  buckets: SECONDS,
});

const ended = new Counter({
  name: 'sluice_withdrawals_ended_total',
  help: 'Withdrawals that this process has brought to an end, by outcome',
  labelNames: ['outcome'],
});

startAtZero(ended, { outcome: (Object.keys(TRANSITIONS) as State[]).filter(isTerminal) });

interface LeftState {
  readonly state: State;
  readonly since: Date;
  readonly at: Date;
  readonly after: StoredWithdrawal;
}

export function measureSteps(steps: readonly LeftState[]): void {
  for (const { state, since, at, after } of steps) {
    const { venue, order, state: outcome } = after.withdrawal;
    inState.observe({ state, venue }, secondsBetween(since, at));
    if (!isTerminal(outcome)) continue;
    whole.observe({ outcome, venue }, secondsBetween(order.requestedAt, at));
    ended.inc({ outcome });
  }
}

/** Returns at least 0, because a clock adjustment may run time backwards. */
function secondsBetween(since: Date, at: Date): number {
  return Math.max(0, at.getTime() - since.getTime()) / 1_000;
}
