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
const LONG_MS = 60 * MINUTE_MS;
const SOON_MS = 20_000;
/** Limits per run, so that a stopped receiver finds few repetitions. A random part is selected. */
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

export function overdueAnswers(looked: readonly OpenWithdrawal[]): OverdueAnswers {
  const late = looked.filter(
    ({ idleMs, needsPerson }) => idleMs >= OVERDUE_AFTER_MS && !needsPerson,
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

/** Milliseconds until the next look: when the answer is overdue, then less and less often. */
function nextLookMs({ idleMs, state, cancelRequested }: OpenWithdrawal): number {
  if (idleMs < OVERDUE_AFTER_MS) return OVERDUE_AFTER_MS - Math.max(idleMs, 0);
  if (state === AWAITS_PEOPLE) return cancelRequested ? SOON_MS : 5 * MINUTE_MS;
  if (AWAITS_LEDGER.has(state) || idleMs < 5 * MINUTE_MS) return SOON_MS;
  return idleMs < LONG_MS ? 30_000 : 2 * MINUTE_MS;
}

/** True if the next look may be minutes away: a step after such a wait brings the look forward. */
export function isLookedAtRarely(state: State, sinceMs: number): boolean {
  return state === AWAITS_PEOPLE || sinceMs >= LONG_MS;
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

const RUN_EVERY = "interval '10 seconds'";
/** Time for receivers to answer messages delayed by a stuck outbox. */
const CATCH_UP = "interval '10 seconds'";
const OUTBOX_LATE = "interval '5 seconds'";
const MAX_SCANNED = 50_000;

const ENDED = `w.state IN ('rejected', 'completed', 'returned', 'failed', 'cancelled')`;
const CASES_FOR_A_PERSON = `'command_refused', 'order_not_as_requested', 'hold_not_as_asked', 'venue_fact_not_as_asked'`;
const FEE_UNBOOKED = 'w.venue_fee IS NOT NULL AND NOT w.venue_fee_recorded';

interface TakenRun {
  was_blocked: boolean;
  repeat_all: boolean;
  stuck: boolean;
  ripe: boolean;
  behind: boolean;
}

/** SQL condition: a run is due. */
export const RUN_IS_DUE = 'EXISTS (SELECT FROM recovery WHERE next_run_at <= clock_timestamp())';

/**
 * Claims the due run and scans for open withdrawals. Returns false if another instance has the run,
 * or if the outbox is stuck.
 */
export async function takeRun(tx: Tx): Promise<boolean> {
  const [taken] = await tx.query<TakenRun>(TAKE_RUN);
  if (!taken) return false;
  if (taken.ripe) await tx.query(SCAN_FURTHER);
  if (taken.stuck || taken.was_blocked) {
    await tx.query(
      `UPDATE recovery SET was_blocked = $1, repeat_all = true, next_run_at = clock_timestamp() + ${CATCH_UP}`,
      [taken.stuck],
    );
    return false;
  }
  if (taken.repeat_all) await tx.query(LOOK_AT_ALL);
  if (taken.ripe && taken.behind)
    await tx.query('UPDATE recovery SET next_run_at = clock_timestamp()');
  return true;
}

/**
 * Returns the open withdrawals whose look is due, and sets their next look. Deletes ended withdrawals
 * from `open_withdrawal`.
 */
export async function lookedAt(tx: Tx): Promise<OpenWithdrawal[]> {
  const rows = await tx.query<OpenWithdrawal & { readonly ended: boolean }>(DUE);
  const isOpen = ({ ended, feeUnbooked, needsPerson }: (typeof rows)[number]) =>
    !ended || (feeUnbooked && !needsPerson);
  const open = rows.filter(isOpen);
  const gone = rows.filter((row) => !isOpen(row)).map(({ id }) => id);
  if (gone.length > 0)
    await tx.query('DELETE FROM open_withdrawal WHERE id = ANY ($1::uuid[])', [gone]);
  if (open.length > 0) await tx.query(LOOK_LATER, [open.map(({ id }) => id), open.map(nextLookMs)]);
  return open;
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
  UPDATE recovery r SET next_run_at = clock_timestamp() + ${RUN_EVERY}, repeat_all = false
    FROM recovery before WHERE r.next_run_at <= clock_timestamp()
  RETURNING r.was_blocked, before.repeat_all, (SELECT count(*) FROM withdrawal w WHERE w.number > r.scanned_to AND w.number <= r.scan_next_to) >= ${MAX_SCANNED} AS behind,
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

const LOOK_AT_ALL = `UPDATE open_withdrawal SET look_at = '-infinity'`;

// A look far in the future was set by a clock that has been set back.
const DUE = `
  SELECT w.id, w.state, w.venue, (extract(epoch FROM clock_timestamp() - greatest(w.updated_at, w.cancel_requested_at)) * 1000)::float8 AS "idleMs",
         w.cancel_requested_at IS NOT NULL AND w.cancel_refusal IS NULL AS "cancelRequested", ${FEE_UNBOOKED} AS "feeUnbooked",
         EXISTS (SELECT FROM withdrawal_case c WHERE c.withdrawal_id = w.id AND c.trigger IN (${CASES_FOR_A_PERSON})) AS "needsPerson", ${ENDED} AS ended
    FROM (SELECT id FROM open_withdrawal WHERE look_at <= now() OR look_at > now() + interval '10 minutes'
           FOR UPDATE SKIP LOCKED) AS o JOIN withdrawal w USING (id)`;

const LOOK_LATER = `
  UPDATE open_withdrawal o SET look_at = now() + k.ms * interval '1 millisecond'
    FROM unnest($1::uuid[], $2::float8[]) AS k(id, ms) WHERE o.id = k.id`;
