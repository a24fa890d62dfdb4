import type { ReportItem } from '@sluice/messages';
import type { State } from '@sluice/withdrawal-core';
import type { OpenWithdrawal, Turn } from './open-withdrawals.js';

/** What is asked for again in one turn. */
export interface Owed {
  /** The ledger has not answered about these. */
  readonly byLedger: readonly string[];
  /** Their venues' connectors have not been heard of these. */
  readonly byVenue: ReadonlyMap<string, readonly ReportItem[]>;
  /** The wish to cancel these has not been answered. */
  readonly cancels: readonly string[];
}

/** So long an answer may take before it is asked for again. */
const PATIENCE_MS = 15_000;
const MINUTE_MS = 60_000;
/** Of the ledger's commands and of the venues' withdrawals; whoever does not get a place does so in another turn, by lot. */
const MOST = { commands: 2_000, reports: 20_000 };

const LEDGER_OWES: ReadonlySet<State> = new Set([
  'requested',
  'capturing',
  'releasing',
  'cancelling',
]);
const VENUE_OWES: Readonly<Partial<Record<State, ReportItem['state']>>> = {
  submitting: 'submitting',
  uncertain: 'uncertain',
  undecided: 'undecided',
  submitted: 'submitted',
  broadcast: 'broadcast',
};

/** Who owes us an answer for too long. */
export function owedOf(open: readonly OpenWithdrawal[], turn: Turn): Owed {
  const late = open.filter(
    (one) =>
      one.idleMs >= PATIENCE_MS && !one.refused && (turn.askAll || isItsTurn(one, turn.number)),
  );
  const ledger = late.filter(({ state, feeOwed }) => LEDGER_OWES.has(state) || feeOwed);
  const atVenues = some(
    late.filter(({ state }) => state in VENUE_OWES),
    MOST.reports,
  );
  return {
    byLedger: some(ledger, MOST.commands).map(({ id }) => id),
    byVenue: new Map(
      [...Map.groupBy(atVenues, ({ venue }) => venue)].map(([venue, rows]) => [
        venue,
        rows.flatMap(({ id, state }) => itemOf(id, state)),
      ]),
    ),
    cancels: atVenues.filter(({ cancelWished }) => cancelWished).map(({ id }) => id),
  };
}

/** A chain takes its time: who waits for long is asked about more rarely, and all of them at once when something was lost. */
function isItsTurn({ id, idleMs, state }: OpenWithdrawal, turn: number): boolean {
  const every =
    LEDGER_OWES.has(state) || idleMs < 5 * MINUTE_MS ? 2 : idleMs < 60 * MINUTE_MS ? 3 : 12;
  return (parseInt(id.slice(-4), 16) + turn) % every === 0;
}

/** How its connector is asked about it; nothing while no venue has it. */
export function itemOf(id: string, state: State): ReportItem[] {
  const seenAs = VENUE_OWES[state];
  return seenAs === undefined ? [] : [{ withdrawalId: id, state: seenAs }];
}

function some<T>(rows: readonly T[], most: number): readonly T[] {
  if (rows.length <= most) return rows;
  const start = Math.floor(Math.random() * rows.length);
  return [...rows.slice(start), ...rows.slice(0, start)].slice(0, most);
}
