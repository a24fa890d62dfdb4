/** An event with the fields for deduplication and ordering; `WithdrawalEvent` fits. */
export interface SequencedEvent {
  /** The same on every repeat, and of no other event: `ce_id`, or a webhook's delivery id. */
  readonly id: string;
  /** Subject of the event; events of other subjects are independent. */
  readonly subject: string;
  /** Number among the subject's events, from 1; null for an event without a position. */
  readonly sequence: number | null;
  /** True if every number of the subject is sent this way: a missing number means a missing event. */
  readonly isGapless: boolean;
}

/** Missing events of a subject: all numbers between `after` and `before`. */
export interface Gap {
  readonly subject: string;
  /** The last number seen before the gap; 0 where none was. */
  readonly after: number;
  /** First number seen after the gap. */
  readonly before: number;
}

/** Events of a batch in three lists, each in the order of arrival. */
export interface Sorted<E> {
  /** New events after all known events of the subject, or without a sequence: act on them. */
  readonly fresh: readonly E[];
  /**
   * New events at or before a known event of the subject: part of the history, not the present state.
   */
  readonly late: readonly E[];
  /** Seen before, or earlier in this batch: leave them. */
  readonly duplicates: readonly E[];
  /** Skipped numbers. The missing events may still arrive as late events. */
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
    const { id, subject, sequence, isGapless } = event;
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
    if (isGapless && sequence > after + 1) sorted.gaps.push({ subject, after, before: sequence });
    reached.set(subject, sequence);
  }
  return sorted;
}

/**
 * Removes rows older than `days` days, at most `limit` rows of each table (default 10,000). Returns
 * the number of removed rows: repeat the call while more rows exist.
 *
 * A removed event takes effect again if redelivered. Keep events longer than the topic keeps
 * messages (default 7 days), and longer than webhooks may be resent. Webhooks are resent for 2 days
 * automatically, and at any time by an operator.
 */
export async function forgetEvents(
  client: SqlClient,
  { days, limit = 10_000 }: { readonly days: number; readonly limit?: number },
): Promise<number> {
  const { rows } = await client.query(FORGET, [days, limit]);
  return (rows[0] as { readonly forgotten: number }).forgotten;
}

const FORGET = `
  WITH inbox AS (
         DELETE FROM consumer_inbox WHERE id IN (
           SELECT id FROM (SELECT id, claimed_at FROM consumer_inbox ORDER BY id LIMIT $2) AS oldest
            WHERE claimed_at < now() - make_interval(days => $1)) RETURNING 1),
       positions AS (
         DELETE FROM consumer_position WHERE id IN (
           SELECT id FROM (SELECT id, moved_at FROM consumer_position ORDER BY id LIMIT $2) AS oldest
            WHERE moved_at < now() - make_interval(days => $1)) RETURNING 1)
  SELECT ((SELECT count(*) FROM inbox) + (SELECT count(*) FROM positions))::integer AS forgotten`;

/**
 * Tables of `onceInOrder`, for your own migration. Later versions only add statements and never
 * change existing statements, because existing statements may have been executed.
 */
export const CONSUMER_TABLES: readonly string[] = [
  // Events already processed. The id gives the order in time for the removal of old events.
  `CREATE TABLE IF NOT EXISTS consumer_inbox (
     id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     consumer   text NOT NULL,
     event_id   text NOT NULL,
     claimed_at timestamptz NOT NULL DEFAULT now(),
     CONSTRAINT consumer_inbox_once UNIQUE (consumer, event_id)
   )`,
  // Position of each subject. previous is the position before the transaction of the last write.
  `CREATE TABLE IF NOT EXISTS consumer_position (
     id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     consumer      text NOT NULL,
     subject       text NOT NULL,
     sequence      integer NOT NULL CHECK (sequence > 0),
     previous      integer NOT NULL CHECK (previous >= 0),
     first_seen_at timestamptz NOT NULL DEFAULT now(),
     moved_at      timestamptz NOT NULL DEFAULT now(),
     CONSTRAINT consumer_position_of_subject UNIQUE (consumer, subject),
     CHECK (previous <= sequence)
   )`,
];

/** All tables as a single script. */
export const CONSUMER_TABLES_SQL: string = CONSUMER_TABLES.map((table) => `${table};\n`).join('');

/**
 * Required interface of a PostgreSQL client; `Client` and `PoolClient` of `pg` fit. The client must
 * be in a transaction, and the caller commits.
 */
export interface SqlClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}
