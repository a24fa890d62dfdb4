import type { Database } from '@sluice/postgres';

interface DueWebhooks {
  readonly due: readonly string[];
  /** Time in ms until the next delivery of an enabled webhook is due; null if none waits. */
  readonly nextInMs: number | null;
}

/** Enabled webhooks with due deliveries; the cost grows with webhooks, not deliveries. */
export async function dueWebhooks(database: Pick<Database, 'query'>): Promise<DueWebhooks> {
  const [row] = await database.query<DueRow>(DUE, []);
  return { due: row?.due ?? [], nextInMs: row?.next_in_ms ?? null };
}

interface DueRow {
  readonly due: readonly string[] | null;
  readonly next_in_ms: number | null;
}

/** Looks at each webhook's earliest delivery along the index; a foreign lease is a later time. */
const DUE = `
  WITH RECURSIVE waiting AS (
      (SELECT webhook_id, next_attempt_at FROM delivery WHERE status = 'pending' ORDER BY webhook_id, next_attempt_at LIMIT 1)
       UNION ALL
      SELECT next.webhook_id, next.next_attempt_at FROM waiting CROSS JOIN LATERAL (
        SELECT d.webhook_id, d.next_attempt_at FROM delivery d
         WHERE d.status = 'pending' AND d.webhook_id > waiting.webhook_id ORDER BY d.webhook_id, d.next_attempt_at LIMIT 1) AS next),
  enabled AS (
    SELECT waiting.webhook_id, extract(epoch FROM waiting.next_attempt_at - t.now)::float8 * 1000 AS in_ms
      FROM waiting JOIN webhook w ON w.id = waiting.webhook_id AND w.state = 'enabled' CROSS JOIN (SELECT clock_timestamp() AS now) AS t)
  SELECT array_agg(webhook_id::text) FILTER (WHERE in_ms <= 0) AS due, min(in_ms) FILTER (WHERE in_ms > 0) AS next_in_ms FROM enabled`;

/** Shortest time between two looks for due deliveries. */
export const LOOK_MS = 1_000;
/** Longest time between looks, for deliveries that a crashed process stored unclaimed. */
const LOOK_AT_REST_MS = 5_000;

/** Time until the next delivery is due. `wasDue`: one may wait for a free place. */
export function nextLookInMs(wasDue: boolean, nextInMs: number | null): number {
  if (wasDue) return LOOK_MS;
  return Math.min(Math.max(nextInMs ?? LOOK_AT_REST_MS, LOOK_MS), LOOK_AT_REST_MS);
}
