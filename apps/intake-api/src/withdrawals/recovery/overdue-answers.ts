import type { ReportItem } from '@sluice/messages';
import type { State } from '@sluice/withdrawal-core';
import type { OpenWithdrawal, RecoveryRun } from './open-withdrawals.js';

/** Answers requested again in a run: withdrawal ids, and report items by venue. */
export interface OverdueAnswers {
  /** Withdrawals without the ledger's answer. */
  readonly ofLedger: readonly string[];
  /** Withdrawals without a report from the venue's connector. */
  readonly ofVenues: ReadonlyMap<string, readonly ReportItem[]>;
  /** Withdrawals with an unanswered cancel request. */
  readonly cancels: readonly string[];
}

const OVERDUE_AFTER_MS = 15_000;
const MINUTE_MS = 60_000;
/**
 * Limits per run. Above a limit a random part is selected: each withdrawal is included in some run.
 */
const MAX_IN_RUN = { commands: 2_000, reports: 20_000 };

const AWAITS_LEDGER: ReadonlySet<State> = new Set([
  'requested',
  'capturing',
  'releasing',
  'cancelling',
  'returning',
]);
/**
 * An approval is not overdue at the ledger: people have time to decide. The hold is requested again
 * at long intervals, because the answer may have been lost.
 */
const AWAITS_PEOPLE: State = 'awaiting_approval';
const AWAITS_VENUE: Readonly<Partial<Record<State, ReportItem['state']>>> = {
  submitting: 'submitting',
  uncertain: 'uncertain',
  undecided: 'undecided',
  submitted: 'submitted',
  broadcast: 'broadcast',
};

/** Selects open withdrawals with an overdue answer of the ledger or a venue. */
export function overdueAnswers(open: readonly OpenWithdrawal[], run: RecoveryRun): OverdueAnswers {
  const late = open.filter(
    (one) =>
      one.idleMs >= OVERDUE_AFTER_MS &&
      !one.needsPerson &&
      (run.repeatAll || isAskedInRun(one, run.number)),
  );
  const ledger = late.filter(
    ({ state, feeUnbooked }) => AWAITS_LEDGER.has(state) || state === AWAITS_PEOPLE || feeUnbooked,
  );
  const atVenues = atMost(
    late.filter(({ state }) => state in AWAITS_VENUE),
    MAX_IN_RUN.reports,
  );
  return {
    ofLedger: atMost(ledger, MAX_IN_RUN.commands).map(({ id }) => id),
    ofVenues: new Map(
      [...Map.groupBy(atVenues, ({ venue }) => venue)].map(([venue, rows]) => [
        venue,
        rows.flatMap(({ id, state }) => reportItemOf(id, state)),
      ]),
    ),
    cancels: atVenues.filter(({ cancelRequested }) => cancelRequested).map(({ id }) => id),
  };
}

/**
 * Returns whether the withdrawal is due in this run: every second run, and less often after a long
 * wait, because a chain takes time. The id distributes withdrawals over the runs.
 */
function isAskedInRun(withdrawal: OpenWithdrawal, run: number): boolean {
  return (parseInt(withdrawal.id.slice(-4), 16) + run) % runsBetween(withdrawal) === 0;
}

function runsBetween({ idleMs, state, cancelRequested }: OpenWithdrawal): number {
  if (state === AWAITS_PEOPLE) return cancelRequested ? 2 : 30;
  if (AWAITS_LEDGER.has(state) || idleMs < 5 * MINUTE_MS) return 2;
  return idleMs < 60 * MINUTE_MS ? 3 : 12;
}

/** Returns the report item for the connector; empty if the state awaits no report of a venue. */
export function reportItemOf(id: string, state: State): ReportItem[] {
  const seenAs = AWAITS_VENUE[state];
  return seenAs === undefined ? [] : [{ withdrawalId: id, state: seenAs }];
}

function atMost<T>(rows: readonly T[], most: number): readonly T[] {
  if (rows.length <= most) return rows;
  const start = Math.floor(Math.random() * rows.length);
  return [...rows.slice(start), ...rows.slice(0, start)].slice(0, most);
}
