import { startAtZero } from '@sluice/service-shell';
import { isTerminal, TRANSITIONS, type State } from '@sluice/withdrawal-core';
import { Counter, Histogram } from 'prom-client';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';

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

/** Withdrawal after a state change, with the times of entry and exit. */
export interface LeftState {
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
