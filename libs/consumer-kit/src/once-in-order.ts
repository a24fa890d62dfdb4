import type { SqlClient } from './sql-client.js';

/** An event with the fields for deduplication and ordering; `WithdrawalEvent` fits. */
export interface SequencedEvent {
  /** The same on every repeat, and of no other event: `ce_id`, or a webhook's delivery id. */
  readonly id: string;
  /** Subject of the event; events of other subjects are independent. */
  readonly subject: string;
  /** Step number of the subject, from 1; null for an event without a position. */
  readonly sequence: number | null;
  /** True if every step of the subject is sent this way: a missing number means a missing event. */
  readonly isEveryStep: boolean;
}

/** Missing steps of a subject: all steps between `after` and `before`. */
export interface Gap {
  readonly subject: string;
  /** The last step seen before the gap; 0 where none was. */
  readonly after: number;
  /** First step seen after the gap. */
  readonly before: number;
}

/** Events of a batch in three lists, each in the order of arrival. */
export interface Sorted<E> {
  /** New events after all known steps of the subject, or without a sequence: act on them. */
  readonly fresh: readonly E[];
  /**
   * New events at or before a known step of the subject: part of the history, not the present state.
   */
  readonly late: readonly E[];
  /** Seen before, or earlier in this batch: leave them. */
  readonly duplicates: readonly E[];
  /** Skipped steps. The missing events may still arrive as late events. */
  readonly gaps: readonly Gap[];
}

interface Claim {
  readonly id: string | null;
  readonly subject: string | null;
  readonly previous: number | null;
}

/**
 * Sorts a batch by the known events and claims the new events, in your own transaction. Your writes
 * in the transaction happen once, because writes and claims commit or roll back together. A batch
 * of any size takes a single statement.
 *
 * A concurrent transaction claiming the same events waits for this transaction and receives
 * duplicates. Call the function once per transaction; otherwise two transactions may deadlock
 * (40P01).
 *
 * `consumer` names the effect: two parts of a program acting on the same event need two names.
 * Requires READ COMMITTED and `CONSUMER_TABLES`.
 */
export async function onceInOrder<E extends SequencedEvent>(
  client: SqlClient,
  consumer: string,
  events: readonly E[],
): Promise<Sorted<E>> {
  if (events.length === 0) return { fresh: [], late: [], duplicates: [], gaps: [] };
  const { rows } = await client.query(CLAIM, [
    consumer,
    events.map(({ id }) => id),
    events.map(({ subject }) => subject),
    events.map(({ sequence }) => sequence),
  ]);
  return sort(events, rows as readonly Claim[]);
}

/** Ids and subjects are taken in one order everywhere: transactions of the same events wait for each other, but never in a circle. */
const CLAIM = `
  WITH given AS MATERIALIZED (
         SELECT event_id, subject, sequence FROM unnest($2::text[], $3::text[], $4::integer[]) AS g (event_id, subject, sequence)),
       claimed AS (
         INSERT INTO consumer_inbox (consumer, event_id)
         SELECT DISTINCT $1::text, event_id FROM given ORDER BY event_id
             ON CONFLICT ON CONSTRAINT consumer_inbox_once DO NOTHING
         RETURNING event_id),
       newest AS (
         SELECT given.subject, max(given.sequence) AS sequence FROM given JOIN claimed USING (event_id)
          WHERE given.sequence IS NOT NULL GROUP BY given.subject ORDER BY given.subject),
       moved AS (
         INSERT INTO consumer_position AS p (consumer, subject, sequence, previous)
         SELECT $1::text, subject, sequence, 0 FROM newest
             ON CONFLICT ON CONSTRAINT consumer_position_of_subject DO UPDATE
            SET previous = p.sequence, sequence = greatest(p.sequence, excluded.sequence), moved_at = now()
         RETURNING p.subject, p.previous)
  SELECT event_id AS id, NULL AS subject, NULL::integer AS previous FROM claimed
   UNION ALL
  SELECT NULL, subject, previous FROM moved`;

/** Pure function: sorts the events by the claims. */
function sort<E extends SequencedEvent>(events: readonly E[], claims: readonly Claim[]): Sorted<E> {
  const unseen = new Set(claims.flatMap(({ id }) => id ?? []));
  const reached = new Map(
    claims.flatMap(({ subject, previous }) => (subject === null ? [] : [[subject, previous ?? 0]])),
  );
  const sorted = {
    fresh: [] as E[],
    late: [] as E[],
    duplicates: [] as E[],
    gaps: [] as Gap[],
  };
  for (const event of events) {
    const { id, subject, sequence, isEveryStep } = event;
    if (!unseen.delete(id)) {
      sorted.duplicates.push(event);
      continue;
    }
    const after = reached.get(subject) ?? 0;
    if (sequence !== null && sequence <= after) {
      sorted.late.push(event);
      continue;
    }
    sorted.fresh.push(event);
    if (sequence === null) continue;
    if (isEveryStep && sequence > after + 1) sorted.gaps.push({ subject, after, before: sequence });
    reached.set(subject, sequence);
  }
  return sorted;
}
