import type { Database } from '@sluice/postgres';

interface DueWebhooks {
  /** Enabled webhooks with due deliveries. */
  readonly due: readonly string[];
  /** Time in ms until the next delivery of an enabled webhook is due; null if none waits. */
  readonly nextInMs: number | null;
}

/**
 * Returns the enabled webhooks with due deliveries, by the database's clock. The cost grows with
 * the number of webhooks with waiting deliveries, not with the number of deliveries.
 */
export async function dueWebhooks(database: Pick<Database, 'query'>): Promise<DueWebhooks> {
  const [row] = await database.query<DueRow>(DUE, []);
  return { due: row?.due ?? [], nextInMs: row?.next_in_ms ?? null };
}

interface DueRow {
  readonly due: readonly string[] | null;
  readonly next_in_ms: number | null;
}

/**
 * Goes from webhook to webhook along the index, and looks at the earliest delivery of each. A lease
 * of another process is a later time as well.
 */
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
