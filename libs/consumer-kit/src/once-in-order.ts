import type { SqlClient } from './sql-client.js';

/** An event with what decides whether it has its effect. `WithdrawalEvent` is one. */
export interface SequencedEvent {
  /** The same on every repeat, and of no other event: `ce_id`, or a webhook's delivery id. */
  readonly id: string;
  /** What it is about; events of other subjects do not matter to it. */
  readonly subject: string;
  /** Counts the steps of its subject from 1; null where it has no place among them. */
  readonly sequence: number | null;
  /** Whether every step of the subject is sent this way, so that a missing number is a missing event. */
  readonly isEveryStep: boolean;
}

/** Steps of a subject that nobody has seen: those between these two. */
export interface Gap {
  readonly subject: string;
  /** The last step seen before the gap; 0 where none was. */
  readonly after: number;
  /** The first step seen behind it. */
  readonly before: number;
}

/** The events of a batch, each in one of three lists, in the order in which they came. */
export interface Sorted<E> {
  /** Never seen, and newer than all that was seen of their subject: act on them. */
  readonly fresh: readonly E[];
  /** Never seen, but a later step of their subject was: they tell how it came about, not how it stands. */
  readonly late: readonly E[];
  /** Seen before, or earlier in this batch: leave them. */
  readonly duplicates: readonly E[];
  /** Steps that were skipped over. Their events may still come, as late ones. */
  readonly gaps: readonly Gap[];
}

interface Claim {
  readonly id: string | null;
  readonly subject: string | null;
  readonly previous: number | null;
}

/**
 * Sorts a batch by what has been seen, and claims it, in your own transaction: what you write beside it happens once, because it commits or
 * rolls back with the claims. One statement, however large the batch. A transaction that claims the same events at the same time waits for this
 * one and then finds duplicates; call it once in a transaction, or two of them may wait for each other in a circle (40P01).
 * `consumer` names the effect: two parts of a program that each act on an event have two names. Expects READ COMMITTED and `CONSUMER_TABLES`.
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

/** Pure: what the claims mean for each event. */
function sort<E extends SequencedEvent>(events: readonly E[], claims: readonly Claim[]): Sorted<E> {
  const unseen = new Set(claims.flatMap(({ id }) => id ?? []));
  const reached = new Map(
    claims.flatMap(({ subject, previous }) => (subject === null ? [] : [[subject, previous ?? 0]])),
  );
  const sorted = {
    ...{ fresh: [] as E[], late: [] as E[], duplicates: [] as E[] },
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
