import type { Tx } from '@sluice/postgres';
import type { State } from '@sluice/withdrawal-core';

/** A withdrawal that has not ended, as far as it matters for what is owed to it. */
export interface OpenWithdrawal {
  readonly id: string;
  readonly state: State;
  readonly venue: string;
  /** Since its last step, by the database's clock. */
  readonly idleMs: number;
  /** Somebody wishes to cancel it and no venue has refused that. */
  readonly cancelWished: boolean;
  readonly feeOwed: boolean;
  /** The ledger has refused it, or somebody has another order than ours: a person has to look, and asking again would not help. */
  readonly refused: boolean;
}

/** One look at what is owed. */
export interface Turn {
  readonly number: number;
  /** Whatever waits, however long: something was lost. */
  readonly askAll: boolean;
}

const TURN = "interval '10 seconds'";
/** After our own messages could not leave, others get so long to answer those that they have by now. */
const CATCH_UP = "interval '10 seconds'";
const LATE = "interval '5 seconds'";
const MOST_LOOKED_AT = 50_000;
const AT_ONCE = "interval '0'";

const ENDED = `w.state IN ('rejected', 'completed', 'failed', 'cancelled')`;
const FOR_A_PERSON = `'command_refused', 'hold_not_as_asked', 'venue_fact_not_as_asked'`;
const FEE_OWED = 'w.venue_fee IS NOT NULL AND NOT w.venue_fee_recorded';

interface Taken {
  turn: number;
  held_up: boolean;
  ask_all: boolean;
  stuck: boolean;
  ripe: boolean;
  behind: boolean;
}

/** A cheap look: is it anybody's turn? */
export const TURN_IS_DUE = 'SELECT FROM healing WHERE next_turn_at <= clock_timestamp()';

/** Takes the turn for this instance, and sees to it that what has not ended is known. Null: another has it, or nothing may be asked now. */
export async function takeTurn(tx: Tx): Promise<Turn | null> {
  const [taken] = await tx.query<Taken>(TAKE_TURN);
  if (!taken) return null;
  if (taken.ripe) await tx.query(LOOK_FURTHER);
  if (taken.stuck || taken.held_up) {
    await tx.query(
      `UPDATE healing SET held_up = $1, ask_all = true, next_turn_at = clock_timestamp() + ${CATCH_UP}`,
      [taken.stuck],
    );
    return null;
  }
  if (taken.ripe && taken.behind)
    await tx.query(`UPDATE healing SET next_turn_at = clock_timestamp() + ${AT_ONCE}`);
  return { number: taken.turn, askAll: taken.ask_all };
}

/** Answers all that has not ended; what has is forgotten. */
export async function openWithdrawals(tx: Tx): Promise<OpenWithdrawal[]> {
  const rows = await tx.query<Row>(OPEN);
  const ended = rows.filter(({ ended, fee_owed, refused }) => ended && (refused || !fee_owed));
  if (ended.length > 0)
    await tx.query('DELETE FROM open_withdrawal WHERE id = ANY ($1::uuid[])', [
      ended.map(({ id }) => id),
    ]);
  const gone = new Set(ended);
  return rows
    .filter((row) => !gone.has(row))
    .map(
      ({
        id,
        state,
        venue,
        idle_ms: idleMs,
        cancel_wished: cancelWished,
        fee_owed: feeOwed,
        refused,
      }) => ({
        id,
        state,
        venue,
        idleMs,
        cancelWished,
        feeOwed,
        refused,
      }),
    );
}

/** Why these were to be released, in the words of the step that led there. */
export async function releaseReasons(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<{ id: string; detail: string | null }>(
    `SELECT w.id, e.detail FROM withdrawal w JOIN withdrawal_event e ON e.withdrawal_id = w.id AND e.sequence = w.sequence WHERE w.id = ANY ($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, detail }) => [id, detail?.split(':')[0] ?? '']));
}

/** Something that Kafka had is gone: the next turn is now, and asks for all that waits. */
export const ASK_ALL_NOW = 'UPDATE healing SET ask_all = true, next_turn_at = clock_timestamp()';

interface Row {
  id: string;
  state: State;
  venue: string;
  idle_ms: number;
  cancel_wished: boolean;
  fee_owed: boolean;
  refused: boolean;
  ended: boolean;
}

// ripe: no transaction is left that had begun when next_to was read. A database that was dumped and loaded counts its transactions anew.
const TAKE_TURN = `
  UPDATE healing h SET next_turn_at = clock_timestamp() + ${TURN}, turn = h.turn + 1, ask_all = false
    FROM healing before WHERE h.next_turn_at <= clock_timestamp()
  RETURNING h.turn::float8 AS turn, h.held_up, before.ask_all, (SELECT count(*) FROM withdrawal w WHERE w.number > h.looked_to AND w.number <= h.next_to) >= ${MOST_LOOKED_AT} AS behind,
            EXISTS (SELECT FROM outbox WHERE created_at < clock_timestamp() - ${LATE}) AS stuck,
            pg_snapshot_xmin(pg_current_snapshot()) >= h.next_xid OR pg_snapshot_xmax(pg_current_snapshot()) < h.next_xid AS ripe`;

const LOOK_FURTHER = `
  WITH looked AS (
    INSERT INTO open_withdrawal (id)
    SELECT w.id FROM withdrawal w, healing h
     WHERE w.number > h.looked_to AND w.number <= h.next_to AND (NOT ${ENDED} OR ${FEE_OWED})
    ON CONFLICT DO NOTHING)
  UPDATE healing SET looked_to = next_to, next_xid = pg_snapshot_xmax(pg_current_snapshot()),
         next_to = greatest(next_to, (SELECT max(number) FROM (SELECT number FROM withdrawal WHERE number > next_to ORDER BY number LIMIT ${MOST_LOOKED_AT}) AS coming))`;

const OPEN = `
  SELECT w.id, w.state, w.venue, (extract(epoch FROM clock_timestamp() - greatest(w.updated_at, w.cancel_requested_at)) * 1000)::float8 AS idle_ms,
         w.cancel_requested_at IS NOT NULL AND w.cancel_refusal IS NULL AS cancel_wished, ${FEE_OWED} AS fee_owed,
         w.id IN (SELECT withdrawal_id FROM withdrawal_case WHERE trigger IN (${FOR_A_PERSON})) AS refused, ${ENDED} AS ended
    FROM open_withdrawal o JOIN withdrawal w USING (id)`;
