import type { ReportItem } from '@sluice/messages';
import type { Tx } from '@sluice/postgres';
import type { State } from '@sluice/withdrawal-core';

export interface OverdueAnswers {
  readonly ofLedger: readonly string[];
  readonly ofVenues: ReadonlyMap<string, readonly ReportItem[]>;
  readonly cancels: readonly string[];
}

const OVERDUE_AFTER_MS = 15_000;
const MINUTE_MS = 60_000;
/** Limits per run, above which a random part is selected. */
const MAX_IN_RUN = { commands: 2_000, reports: 20_000 };

const AWAITS_LEDGER: ReadonlySet<State> = new Set([
  'requested',
  'capturing',
  'releasing',
  'cancelling',
  'returning',
]);
/** People have time to decide; the hold is requested at long intervals, for a lost answer. */
const AWAITS_PEOPLE: State = 'awaiting_approval';
const AWAITS_VENUE: Readonly<Partial<Record<State, ReportItem['state']>>> = {
  submitting: 'submitting',
  uncertain: 'uncertain',
  undecided: 'undecided',
  submitted: 'submitted',
  broadcast: 'broadcast',
};

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

/** Every second run, less often after a long wait; ids distribute withdrawals over runs. */
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

interface OpenWithdrawal {
  readonly id: string;
  readonly state: State;
  readonly venue: string;
  /** Time since the last step in milliseconds, by the database's clock. */
  readonly idleMs: number;
  /** A cancel request exists, and no venue has refused the request. */
  readonly cancelRequested: boolean;
  /** The venue took a fee not yet booked by the ledger. */
  readonly feeUnbooked: boolean;
  /** A case awaits a person: a repeated request would not help. */
  readonly needsPerson: boolean;
}

/** Pass over the open withdrawals. */
export interface RecoveryRun {
  readonly number: number;
  /** Requests all overdue answers instead of a share, because messages were lost. */
  readonly repeatAll: boolean;
}

const RUN_EVERY = "interval '10 seconds'";
/** Time for receivers to answer messages delayed by a stuck outbox. */
const CATCH_UP = "interval '10 seconds'";
const OUTBOX_LATE = "interval '5 seconds'";
const MAX_SCANNED = 50_000;
const AT_ONCE = "interval '0'";

const ENDED = `w.state IN ('rejected', 'completed', 'returned', 'failed', 'cancelled')`;
const CASES_FOR_A_PERSON = `'command_refused', 'order_not_as_requested', 'hold_not_as_asked', 'venue_fact_not_as_asked'`;
const FEE_UNBOOKED = 'w.venue_fee IS NOT NULL AND NOT w.venue_fee_recorded';

interface TakenRun {
  run_number: number;
  was_blocked: boolean;
  repeat_all: boolean;
  stuck: boolean;
  ripe: boolean;
  behind: boolean;
}

/** SQL condition: a run is due. */
export const RUN_IS_DUE = 'EXISTS (SELECT FROM recovery WHERE next_run_at <= clock_timestamp())';

/**
 * Claims the due run and scans for open withdrawals. Null for another instance, or a stuck outbox.
 */
export async function takeRun(tx: Tx): Promise<RecoveryRun | null> {
  const [taken] = await tx.query<TakenRun>(TAKE_RUN);
  if (!taken) return null;
  if (taken.ripe) await tx.query(SCAN_FURTHER);
  if (taken.stuck || taken.was_blocked) {
    await tx.query(
      `UPDATE recovery SET was_blocked = $1, repeat_all = true, next_run_at = clock_timestamp() + ${CATCH_UP}`,
      [taken.stuck],
    );
    return null;
  }
  if (taken.ripe && taken.behind)
    await tx.query(`UPDATE recovery SET next_run_at = clock_timestamp() + ${AT_ONCE}`);
  return { number: taken.run_number, repeatAll: taken.repeat_all };
}

/** Returns all open withdrawals, and deletes ended withdrawals from `open_withdrawal`. */
export async function openWithdrawals(tx: Tx): Promise<OpenWithdrawal[]> {
  const rows = await tx.query<OpenWithdrawal & { readonly ended: boolean }>(OPEN);
  const ended = rows.filter(
    ({ ended, feeUnbooked, needsPerson }) => ended && (needsPerson || !feeUnbooked),
  );
  if (ended.length > 0)
    await tx.query('DELETE FROM open_withdrawal WHERE id = ANY ($1::uuid[])', [
      ended.map(({ id }) => id),
    ]);
  const gone = new Set(ended);
  return rows.filter((row) => !gone.has(row));
}

/** Returns the reasons of pending releases: the reason in the detail of the last step. */
export async function releaseReasons(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<{ id: string; detail: string | null }>(
    'SELECT id, coalesce(steps -> -1, first_step) ->> 3 AS detail FROM withdrawal WHERE id = ANY ($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, detail }) => [id, detail?.split(':')[0] ?? '']));
}

/** Schedules a run now, for all overdue answers, after a loss of messages in Kafka. */
export const REPEAT_ALL_NOW =
  'UPDATE recovery SET repeat_all = true, next_run_at = clock_timestamp()';

// ripe: all transactions open at the last scan have ended, or the transaction counter restarted.
const TAKE_RUN = `
  UPDATE recovery r SET next_run_at = clock_timestamp() + ${RUN_EVERY}, run_number = r.run_number + 1, repeat_all = false
    FROM recovery before WHERE r.next_run_at <= clock_timestamp()
  RETURNING r.run_number::float8 AS run_number, r.was_blocked, before.repeat_all, (SELECT count(*) FROM withdrawal w WHERE w.number > r.scanned_to AND w.number <= r.scan_next_to) >= ${MAX_SCANNED} AS behind,
            EXISTS (SELECT FROM outbox WHERE created_at < clock_timestamp() - ${OUTBOX_LATE}) AS stuck,
            pg_snapshot_xmin(pg_current_snapshot()) >= r.scan_next_xid OR pg_snapshot_xmax(pg_current_snapshot()) < r.scan_next_xid AS ripe`;

const SCAN_FURTHER = `
  WITH scanned AS (
    INSERT INTO open_withdrawal (id)
    SELECT w.id FROM withdrawal w, recovery r
     WHERE w.number > r.scanned_to AND w.number <= r.scan_next_to AND (NOT ${ENDED} OR ${FEE_UNBOOKED})
    ON CONFLICT DO NOTHING)
  UPDATE recovery SET scanned_to = scan_next_to, scan_next_xid = pg_snapshot_xmax(pg_current_snapshot()),
         scan_next_to = greatest(scan_next_to, (SELECT max(number) FROM (SELECT number FROM withdrawal WHERE number > scan_next_to ORDER BY number LIMIT ${MAX_SCANNED}) AS coming))`;

const OPEN = `
  SELECT w.id, w.state, w.venue, (extract(epoch FROM clock_timestamp() - greatest(w.updated_at, w.cancel_requested_at)) * 1000)::float8 AS "idleMs",
         w.cancel_requested_at IS NOT NULL AND w.cancel_refusal IS NULL AS "cancelRequested", ${FEE_UNBOOKED} AS "feeUnbooked",
         w.id IN (SELECT withdrawal_id FROM withdrawal_case WHERE trigger IN (${CASES_FOR_A_PERSON})) AS "needsPerson", ${ENDED} AS ended
    FROM open_withdrawal o JOIN withdrawal w USING (id)`;
