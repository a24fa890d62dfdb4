import type { Database } from '@sluice/postgres';
import type { Capacity } from './lanes.js';

/** A delivery that this process alone may send until its lease ends. */
export interface ClaimedDelivery {
  /** Its number. */
  readonly id: string;
  /** The fencing token: an outcome under another one changes nothing. */
  readonly attemptId: string;
  readonly webhookId: string;
  readonly event: string;
  readonly body: string;
  /** Attempts that were made before. */
  readonly attemptCount: number;
  readonly createdAt: Date;
  /** Of its webhook, as it was claimed. */
  readonly revision: number;
}

/**
 * Takes what is due for these webhooks, the longest due first, by one statement. What another process takes at the same time is passed over. A
 * delivery whose lease has ended without an outcome is taken as well, and the attempt that nobody knows of is written down.
 */
export async function claimDeliveries(
  database: Pick<Database, 'query'>,
  capacities: readonly Capacity[],
  leaseMs: number,
): Promise<readonly ClaimedDelivery[]> {
  const rows = await database.query<ClaimedRow>(CLAIM, [
    capacities.map(({ webhookId }) => webhookId),
    capacities.map(({ slots }) => slots),
    leaseMs,
  ]);
  return rows.map((row) => ({
    ...{ id: row.id, attemptId: row.attempt_id, webhookId: row.webhook_id, event: row.event },
    ...{ body: row.body, attemptCount: row.attempt_count, createdAt: row.created_at },
    revision: row.revision,
  }));
}

interface ClaimedRow {
  readonly id: string;
  readonly attempt_id: string;
  readonly webhook_id: string;
  readonly event: string;
  readonly body: string;
  readonly attempt_count: number;
  readonly created_at: Date;
  readonly revision: number;
}

/** A lease is the next moment at which somebody may send: so one index finds what was never sent, what waits for its retry and what was left behind. */
const CLAIM = `
  WITH room AS MATERIALIZED (
         SELECT r.webhook_id, r.slots, w.revision FROM unnest($1::uuid[], $2::integer[]) AS r (webhook_id, slots)
           JOIN webhook w ON w.id = r.webhook_id AND w.state = 'enabled'),
       due AS MATERIALIZED (
         SELECT d.id, d.attempt_id, d.begun_at, room.revision FROM room CROSS JOIN LATERAL (
           SELECT id, attempt_id, begun_at FROM delivery
            WHERE webhook_id = room.webhook_id AND status = 'pending' AND next_attempt_at <= clock_timestamp()
            ORDER BY next_attempt_at LIMIT room.slots FOR UPDATE SKIP LOCKED) AS d),
       lost AS (
         INSERT INTO delivery_attempt (id, delivery_id, started_at, error)
         SELECT attempt_id, id, begun_at, 'outcome_unknown' FROM due WHERE attempt_id IS NOT NULL),
       claimed AS (
         UPDATE delivery d SET attempt_id = nextval('attempt_number'), begun_at = clock_timestamp(),
                next_attempt_at = clock_timestamp() + $3::integer * interval '1 millisecond'
           FROM due WHERE d.id = due.id
         RETURNING d.id, d.attempt_id, d.webhook_id, d.event, d.body, d.attempt_count, d.created_at, due.revision)
  SELECT * FROM claimed`;
